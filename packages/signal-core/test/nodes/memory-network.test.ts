import { FakeClock, MemoryNetwork, nodesContract } from 'signal-core/testing';
import { describe, test } from 'vitest';

describe('MemoryNetwork', () => {
  for (const { name, run } of nodesContract) {
    test(name, () =>
      run(() => {
        const clock = new FakeClock();
        const network = new MemoryNetwork(() => clock.now());
        return { join: () => network.join(), wait: (ms) => clock.advance(ms) };
      }),
    );
  }
});
