import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromJson, Program } from './program.js';

const SERVER = new URL('bin/signal-server.js', import.meta.resolve('signal-server/package.json'));
const TEMPLATE = new URL('nginx.conf.template', import.meta.url);

/** Around what goes into `http { }`, for an nginx that runs beside others and writes to its own directory. */
const MAIN = (http) => `
daemon off; pid nginx.pid; error_log stderr notice; events {}
http {
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  ${http}
}`;

/** Everything that runs, to be stopped in the end: the last first. */
export class Running {
  #dir = mkdtempSync(join(tmpdir(), 'two-nodes-'));
  #programs = [];
  #stopped;

  run(name, command, args, env) {
    if (this.#stopped) throw new Error('interrupted');
    const program = new Program(name, command, args, env);
    this.#programs.push(program);
    return program;
  }

  async redis() {
    const port = await freePort();
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', this.#dir];
    await this.run('redis', 'redis-server', args).says((line) => line.includes('Ready to accept connections'));
    return `redis://127.0.0.1:${port}`;
  }

  async node(name, redisUrl) {
    const args = ['--port', '0', '--host', '127.0.0.1', '--auth', 'open', '--trust-proxy', '1', '--metrics'];
    const node = this.run(name, process.execPath, [fileURLToPath(SERVER), ...args], { REDIS_URL: redisUrl });
    return { name, url: await node.says((line) => fromJson(line).msg === 'listening' && fromJson(line).url) };
  }

  /** These clients speak WebSocket only: each goes where fewer are. */
  async nginx(nodes) {
    const [listen, ...places] = [`127.0.0.1:${await freePort()}`, ...nodes.map(({ url }) => new URL(url).host)];
    const values = { LISTEN: listen, NODE_1: places[0], NODE_2: places[1] };
    const http = readFileSync(TEMPLATE, 'utf8').replace(/\$\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    writeFileSync(join(this.#dir, 'nginx.conf'), MAIN(http.replace(/^ *hash .*$/m, '  least_conn;')));
    chmodSync(this.#dir, 0o711); // the workers are somebody else when root starts it
    const args = ['-p', this.#dir, '-c', 'nginx.conf', '-e', 'stderr'];
    await this.run('nginx', 'nginx', args).says((line) => line.includes('start worker process '));
    return `http://${listen}`;
  }

  stop() {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll() {
    for (const program of this.#programs.toReversed()) await program.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
