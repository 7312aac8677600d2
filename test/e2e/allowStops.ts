import type { Stage } from '../../scripts/demo/stage';

/**
 * Lets through what the guard would stop now, as its user would: asks it, and sets `lifeboat:allow` to what it proposes.
 *
 * @param run credentials of the run role
 * @returns the names of what would have stopped
 */
export async function allowStops(stage: Stage, run: Record<string, string>): Promise<string[]> {
  const { stdout, stderr } = await stage.lifeboat(['guard', '--json'], { env: run });
  if (stdout === '') throw new Error(`lifeboat guard said nothing: ${stderr}`);
  const { stops, command }: { stops: { name: string }[]; command?: string } = JSON.parse(stdout);
  const [, entries] = /config set lifeboat:allow "(.*)" --stack/.exec(command ?? '') ?? [];
  if (entries) await stage.config('allow', entries);
  return stops.map(({ name }) => name);
}
