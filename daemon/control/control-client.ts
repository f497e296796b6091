import { request } from 'node:http';
import type { AnchordEvent, Emit } from '../events.ts';
import type { Control } from './control.ts';

/** Whether a daemon answers on a socket, and its `Control` if one does. */
export async function connectControl(socket: string): Promise<Control | undefined> {
  const client = controlClient(socket);
  try {
    await client.policies();
    return client;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') return undefined;
    throw error;
  }
}

/** The running daemon's `Control`, over its unix socket. */
export function controlClient(socket: string): Control {
  function get<Answer>(path: string): Promise<Answer> {
    return ask<Answer>(socket, { method: 'GET', path });
  }
  function post<Answer>(...path: readonly string[]): Promise<Answer> {
    return ask<Answer>(socket, { method: 'POST', path: `/${path.map(encodeURIComponent).join('/')}` });
  }
  return {
    status: () => get('/status'),
    plan: (candidate) => ask(socket, { method: 'POST', path: '/plan', body: candidate }),
    apply: (candidate) => ask(socket, { method: 'POST', path: '/apply', body: candidate }),
    suspend: (request) => ask(socket, { method: 'POST', path: '/suspend', body: request }),
    resume: () => post('resume'),
    policies: () => get('/policies'),
    runs: (name, limit) => get(`/policies/${encodeURIComponent(name)}/runs?limit=${limit}`),
    runPolicy: (name) => post('policies', name, 'run'),
    cancelPolicy: (name) => post('policies', name, 'cancel'),
    initPolicy: (name) => post('policies', name, 'init'),
    planPolicy: (name) => get(`/policies/${encodeURIComponent(name)}/plan`),
    acceptPolicy: (name, id) => post('policies', name, 'accept', id),
    snapshots: (name, all) => get(`/policies/${encodeURIComponent(name)}/snapshots${all ? '?all=yes' : ''}`),
    restore: (request, signal) => ask(socket, { method: 'POST', path: '/restore', body: request, signal }),
    volumes: () => get('/volumes'),
    adoptVolume: (name) => post('volumes', name, 'adopt'),
    acceptRewrite: (revision) => post('accept-rewrite', revision),
    testNotifications: () => post('notifications', 'test'),
    verifyAudit: ({ remote }) => post('audit', remote ? 'verify-remote' : 'verify'),
  };
}

/** Follows the daemon's events until the returned function is called or the connection ends. */
export function followEvents(socket: string, emit: Emit): () => void {
  const asked = request({ socketPath: socket, path: '/events', method: 'GET' }, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) emit(JSON.parse(data) as AnchordEvent);
      }
    });
  });
  asked.on('error', () => {}); // the command that follows asks for its answer on another connection, which tells
  asked.end();
  return () => asked.destroy();
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Breaks the connection, which ends what the daemon does for the answer. */
  readonly signal?: AbortSignal;
}

function ask<Answer>(socket: string, question: Question): Promise<Answer> {
  const { method, path, signal } = question;
  const body = question.body === undefined ? undefined : JSON.stringify(question.body);
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(
      { socketPath: socket, path, method, headers, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          if (response.statusCode === 404) {
            const why = 'it does not know the question; it may be of another version, then restart it';
            reject(new Error(`the daemon did not answer ${method} ${path}: ${why}`));
            return;
          }
          try {
            resolve(JSON.parse(text) as Answer);
          } catch (error) {
            reject(new Error(`the daemon's answer to ${method} ${path} is not JSON`, { cause: error }));
          }
        });
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
