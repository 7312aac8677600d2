import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { kindsPage } from '../kinds/kindsPage';

// `npm run docs`: writes what is generated from the code. A test says when it is out of date.
writeFileSync(resolve(__dirname, '../docs/kinds.md'), kindsPage());
