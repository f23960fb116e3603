export { callStoreContract } from './call-store-contract.js';
export type { Contract, ContractCase } from './contract-case.js';
export { FakeClock } from './fake-clock.js';
export { presenceStoreContract } from './presence-store-contract.js';
export { userDirectoryContract } from './user-directory-contract.js';
