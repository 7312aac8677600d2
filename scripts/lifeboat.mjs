#!/usr/bin/env node
// Runs lifeboat.ts, which Node cannot do by itself. CommonJS, because that starts in a third of the time.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

// Which releases of the SDK are used is for the lockfile to say, not for each run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

register();
const require = createRequire(import.meta.url);
const { main } = require('./lifeboat.ts');
const { processDeps } = require('./deps.ts');
process.exitCode = await main(process.argv.slice(2), processDeps());
