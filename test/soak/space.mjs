// A small disk for the database of the soak: a tmpfs below each cluster's directory, which becomes a tablespace.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kName = 'small';
const kMegabytes = 192;

export class Space {
  mounted = [];

  of(cluster) {
    return `${cluster.directory}/tablespaces/${kName}`;
  }

  // For a cluster in `directory`, to be made yet or made. Throws where mounting is not permitted.
  async mount(directory, user) {
    const path = `${directory}/tablespaces/${kName}`;
    await mkdir(path, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${kMegabytes}m,mode=700,uid=${user}`, 'tmpfs', path]);
    this.mounted.push(path);
    return path;
  }

  async unmountAll() {
    for (const path of this.mounted) await run('umount', ['--lazy', path]);
    this.mounted = [];
  }
}
