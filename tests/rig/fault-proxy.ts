import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What is wrong with the line. `pass`: nothing; `refuse`: every connection breaks at once; `cut`: the next connections
 * break after so many bytes were sent, as many times as it says; `answer`: somebody else answers, with this status.
 */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'cut'; readonly afterBytes: number; times: number }
  | { readonly kind: 'answer'; readonly status: string };

/** A line to a server on loopback, with faults that a test chooses. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  fault: Fault;
  /** Connections that were broken on purpose. */
  readonly broken: number;
}

/** Opens one to a port. */
export async function faultProxy(target: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const state = { fault: { kind: 'pass' } as Fault, broken: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (!stands(socket, state)) return;
    const upstream = connect(target, '127.0.0.1');
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => {
      sockets.delete(upstream);
      socket.destroy();
    });
    socket.on('close', () => upstream.destroy());
    cutLater(socket, state);
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
      // A connection from before would keep what it was promised.
      if (fault.kind !== 'pass') for (const socket of sockets) socket.destroy();
    },
    get broken() {
      return state.broken;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether a connection goes through to the server. */
function stands(socket: Socket, state: { fault: Fault; broken: number }): boolean {
  const { fault } = state;
  if (fault.kind === 'refuse') {
    state.broken++;
    socket.destroy();
    return false;
  }
  if (fault.kind !== 'answer') return true;
  socket.once('data', () => {
    state.broken++;
    socket.end(`HTTP/1.1 ${fault.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  return false;
}

function cutLater(socket: Socket, state: { fault: Fault; broken: number }): void {
  let sent = 0;
  socket.on('data', (chunk: Buffer) => {
    const { fault } = state;
    sent += chunk.length;
    if (fault.kind !== 'cut' || fault.times <= 0 || sent <= fault.afterBytes) return;
    fault.times--;
    state.broken++;
    socket.destroy();
  });
}
