import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { LifeboatError } from '../../errors';

const run = promisify(execFile);

/** What Chromium is called, on one system or another. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** A page as a browser draws it. */
export interface Drawn {
  /** The text and markup of the page after it was loaded. */
  readonly dom: string;
  readonly width: number;
  readonly height: number;
  /** How many different colours there are in the picture. */
  readonly colours: number;
  /** The colour of the first pixel, as red, green and blue. */
  readonly paper: readonly number[];
  readonly png: Buffer;
}

/**
 * Has headless Chromium draw a file.
 *
 * @param isDark whether the page's reader prefers dark colours
 * @throws LifeboatError where there is no browser: a test that were skipped would say nothing
 */
export async function draw(file: string, { isDark = false } = {}): Promise<Drawn> {
  const browser = await findBrowser();
  const directory = mkdtempSync(path.join(tmpdir(), 'lifeboat-browser-'));
  const picture = path.join(directory, 'page.png');
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--hide-scrollbars',
    '--window-size=1200,1600',
    ...(isDark ? ['--force-dark-mode', '--blink-settings=preferredColorScheme=0'] : []),
    `--user-data-dir=${path.join(directory, 'profile')}`,
  ];
  const options = { timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout: dom } = await run(browser, [...flags, '--dump-dom', `file://${file}`], options);
    await run(browser, [...flags, `--screenshot=${picture}`, `file://${file}`], options);
    const png = readFileSync(picture);
    return { dom, ...decoded(png), png };
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where there is none, and this is root of a Debian as CI's machines are, the first use installs it, as that of the emulator does moto. */
async function findBrowser(): Promise<string> {
  const asked = process.env.LIFEBOAT_BROWSER;
  const onPath = (names: readonly string[]) =>
    names
      .flatMap((name) =>
        (process.env.PATH ?? '').split(path.delimiter).map((place) => path.join(place, name)),
      )
      .find((each) => existsSync(each));
  const find = () => (asked ? [asked].find((each) => existsSync(each)) : onPath(NAMES));
  const apt = onPath(['apt-get']);
  if (find() === undefined && !asked && apt && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run(apt, ['update', '-qq'], { env });
    await run(apt, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  }
  const browser = find();
  if (browser !== undefined) return browser;
  throw new LifeboatError({
    what: 'There is no Chromium to open a page with',
    got: asked ? `LIFEBOAT_BROWSER=${asked}` : `none of ${NAMES.join(', ')} on the PATH`,
    expected: 'Chromium, or LIFEBOAT_BROWSER with where it is',
    next: 'apt-get install --no-install-recommends chromium',
  });
}

/** Size and colours of a PNG of 8 bits a channel, as Chromium writes it. https://www.w3.org/TR/png-3/ */
function decoded(png: Buffer): Pick<Drawn, 'width' | 'height' | 'colours' | 'paper'> {
  const [width, height, depth, type] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
  if (depth !== 8 || (type !== 2 && type !== 6)) throw new Error(`a PNG of depth ${depth}, type ${type}`);
  const channels = type === 2 ? 3 : 4;
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const seen = new Set<number>();
  let before = Buffer.alloc(stride);
  let paper: number[] = [];
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)] ?? 0;
    const line = Buffer.from(raw.subarray(row * (stride + 1) + 1, (row + 1) * (stride + 1)));
    for (let index = 0; index < stride; index++) {
      const left = index < channels ? 0 : (line[index - channels] ?? 0);
      const up = before[index] ?? 0;
      const corner = index < channels ? 0 : (before[index - channels] ?? 0);
      line[index] = ((line[index] ?? 0) + predicted(filter, left, up, corner)) & 255;
    }
    for (let index = 0; index < stride; index += channels) seen.add(line.readUIntBE(index, 3));
    if (row === 0) paper = [...line.subarray(0, 3)];
    before = line;
  }
  return { width, height, colours: seen.size, paper };
}

/** What a filter of PNG adds to a byte. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const near = [left, up, corner].map((each) => Math.abs(left + up - corner - each));
  const nearest = Math.min(...near);
  return [left, up, corner][near.indexOf(nearest)] ?? 0;
}
