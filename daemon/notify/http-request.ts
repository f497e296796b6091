/** One request to a service, with everything in it. */
export interface HttpRequest {
  /** The address with what the service wants in it, without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
