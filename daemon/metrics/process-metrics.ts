import type { Metric } from './metric.ts';

/** What runs, and what it costs. The names of `process_…` are those every exporter uses. */
export const processMetrics: readonly Metric[] = [
  {
    name: 'anchord_build_info',
    kind: 'gauge',
    help: 'Version of anchord, name of its host, and version of the Node.js it runs on.',
    labels: ['version', 'host', 'node'],
    samples: ({ status, process }) => [
      {
        labels: { version: status.daemon.version, host: status.host, node: process.nodeVersion },
        value: 1,
      },
    ],
  },
  {
    name: 'process_resident_memory_bytes',
    kind: 'gauge',
    help: 'Resident memory of the daemon, without the programs it runs.',
    labels: [],
    samples: ({ process }) => [{ value: process.residentBytes }],
  },
  {
    name: 'process_cpu_seconds_total',
    kind: 'counter',
    help: 'User and system time of the daemon, without the programs it runs.',
    labels: [],
    samples: ({ process }) => [{ value: process.cpuSeconds }],
  },
  {
    name: 'process_start_time_seconds',
    kind: 'gauge',
    help: 'When the daemon was started.',
    labels: [],
    samples: ({ process }) => [{ value: process.startedAtSeconds }],
  },
];
