// `make dev`: watches the sources; after a change it builds and replaces what runs from an older build.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';

const kFolders = ['extension', 'gateway', 'handlers', 'sql'];
const kSource = /\.([ch]pp|sql|control)$/;
const kSettleMilliseconds = 100; // editors write a file in several steps

let dirty = false;
let busy = false;
let timer;

function run(command, ...args) {
  return new Promise((resolve) => spawn(command, args, { stdio: 'inherit' }).on('exit', (code) => resolve(code === 0)));
}

async function rebuild() {
  if (busy) return;
  busy = true;
  while (dirty) {
    dirty = false;
    const begin = performance.now();
    const good = (await run('make', 'all')) && (await run('test/support/instance.sh', 'restart'));
    console.log(good ? `running, after ${((performance.now() - begin) / 1000).toFixed(1)} s` : 'waiting for the next change');
  }
  busy = false;
}

for (const folder of kFolders) {
  watch(folder, { recursive: true }, (_, file) => {
    const name = file?.split('/').pop() ?? '';
    if (!kSource.test(name)) return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(rebuild, kSettleMilliseconds);
  });
}
console.log(`watching ${kFolders.join(', ')}; end with Ctrl-C`);
