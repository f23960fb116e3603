/** One thing that every implementation of a store must do; any test runner can run it. */
export interface ContractCase<Store> {
  /** A sentence that begins with the id of its rule in SPEC.md. */
  name: string;
  /**
   * @param createStore - makes an empty store
   * @throws AssertionError when the store breaks the rule
   */
  run(createStore: () => Store | Promise<Store>): Promise<void>;
}

export type Contract<Store> = readonly ContractCase<Store>[];
