/** What a person may have to do something about. */
export interface DeviceProblem {
  device: 'camera' | 'microphone' | 'screen';
  /** `insecure`: browsers give devices to pages of HTTPS and of this machine only. */
  fault: 'refused' | 'missing' | 'in_use' | 'insecure' | 'failed' | 'unplugged';
}

/** What is wrong with a device, and what to do. */
export function deviceWords({ device, fault }: DeviceProblem): string {
  switch (fault) {
    case 'refused':
      return `The ${device} is blocked. Allow it in the browser's address bar.`;
    case 'missing':
      return `No ${device} was found.`;
    case 'in_use':
      return `The ${device} is in use by another program.`;
    case 'insecure':
      return `The browser gives no ${device} to this address. Open the page over HTTPS, or at localhost.`;
    case 'failed':
      return `The ${device} does not start.`;
    case 'unplugged':
      return `The ${device} is gone.`;
  }
}

/** @param name - of the `DOMException` that a browser throws */
export function faultOf(name: string): DeviceProblem['fault'] {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'failed';
  }
}
