import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { emulatorPython } from './emulator/python';

const CLI = path.resolve(__dirname, 'e2e/commands/aws_cli.py');

/**
 * Runs commands that we print, as somebody would who pastes them, but for our own command in them; gives their standard output.
 *
 * @param env where `aws` finds the emulator, and who it is
 * @throws Error where one of them fails, with its standard error
 */
export async function pasteAws(commands: string, env: NodeJS.ProcessEnv, cwd?: string): Promise<string> {
  const python = await emulatorPython();
  const script = `aws() { '${python}' '${CLI}' "$@"; }; npx() { :; }\n${commands}`;
  const ran = await promisify(execFile)('bash', ['-c', script], { env: { ...process.env, ...env }, cwd });
  return ran.stdout;
}
