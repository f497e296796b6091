/** Types that the page's classic scripts share; nothing of this file reaches the browser. */
declare namespace Anchord {
  type Status = import('../state-schema/generated/status.ts').Status;
  type History = import('../state-schema/generated/history.ts').History;
  type Run = import('../state-schema/generated/history.ts').Run;
  type Pass = import('../state-schema/generated/history.ts').Pass;
  type Summary = import('../state-schema/generated/status.ts').Summary;
  type Condition = import('../state-schema/generated/status.ts').Condition;
  type VolumeStatus = import('../state-schema/generated/status.ts').VolumeStatus;
  type PolicyStatus = import('../state-schema/generated/status.ts').PolicyStatus;
  type ResourceStatus = import('../state-schema/generated/status.ts').ResourceStatus;
  type LogEntry = import('../state-schema/generated/status.ts').LogEntry;
  type Progress = import('../state-schema/generated/status.ts').Progress;

  /** What `data.js` hands over. */
  interface PageData {
    readonly live: boolean;
    readonly status: Status;
    readonly history: History;
  }

  /** Everything the page shows, in one reactive object; `page()` returns it. */
  interface PageState {
    status: Status | null;
    history: History;
    /** Whether the daemon serves this page, so that there are events to listen to. */
    live: boolean;
    /** When the connection to the daemon was lost, in milliseconds since 1970; null while it is there. */
    lostAt: number | null;
    /** The browser's time, moved on every few seconds, in milliseconds since 1970. */
    now: number;
    /** `now`, moved on only once a minute, for what is dear to compute. */
    minute: number;
    /** Progress of running policies by name, newer than `status`. */
    progress: Record<string, Progress>;
  }

  /** How good or bad something is: decides its colour. */
  type Tone = 'ok' | 'busy' | 'warning' | 'failed' | 'unknown' | 'quiet';

  /** How a state looks: never by colour alone. */
  interface Look {
    readonly tone: Tone;
    /** Address of the icon's symbol in index.html. */
    readonly icon: string;
    readonly word: string;
  }

  /** What one day of a policy's strip says. */
  interface Day {
    /** `2026-11-21`, in the policy's time zone. */
    readonly date: string;
    readonly label: string;
    readonly state: 'ok' | 'partial' | 'failed' | 'overdue' | 'not-due' | 'not-yet';
    readonly icon: string;
    readonly word: string;
    readonly runs: number;
    readonly detail: string;
    /** The whole day as one sentence. */
    readonly text: string;
  }
}

interface Window {
  ANCHORD?: Anchord.PageData;
}

/** The part of Alpine that the page uses. */
declare const Alpine: {
  data(name: string, component: (...inputs: never[]) => object): void;
  store(name: 'page', value: Anchord.PageState): void;
  store(name: 'page'): Anchord.PageState;
  magic(name: string, callback: () => (value: never) => unknown): void;
  raw<Value>(value: Value): Value;
  effect(callback: () => void): void;
};
