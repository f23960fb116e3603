import {
  type Contract,
  callStoreContract,
  presenceStoreContract,
  rateLimitStoreContract,
  restoreStoreContract,
  revocationStoreContract,
  scopesContract,
} from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { chargingTheRefused, countingByMinute, mixingKeys, readingFirst } from './faulty-rate-limit-stores.ts';
import {
  finding,
  forgettingTheFirst,
  keepingWhatWasGiven,
  neverLapsing,
  neverWithdrawing,
  withoutBounds,
} from './faulty-restore-stores.ts';
import { beingOneForAll, tellingAll, turningBack } from './faulty-revocation-stores.ts';
import { forgettingClaimed, ignoringCase, mixingScopes, replacingEmpty } from './faulty-scopes.ts';
import {
  changingInPlace,
  checkingFirst,
  claimingForEver,
  claimingNothing,
  forgettingEmptyLines,
  forgettingEnded,
  ignoringAnswers,
  ignoringLines,
  ignoringVersions,
  swappingBlindly,
  tellingTwice,
  writingHalf,
} from './faulty-stores.ts';

/** The cases that the store fails. */
async function failures<Store>(contract: Contract<Store>, createStore: () => Store): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of contract) await run(createStore).catch(() => failed.push(name));
  return failed;
}

describe('the contract fails a call store that', () => {
  test.each([
    ['[STORE-1] ignores versions', ignoringVersions, 'a call whose version has moved on is not written'],
    ['[STORE-1] ignores the versions of lines', ignoringLines, 'nothing is written when one of the lines has moved on'],
    ['[STORE-1] writes what fits of a commit', writingHalf, 'of several calls none is written'],
    ['[STORE-2] begins versions anew when a line was empty', forgettingEmptyLines, 'emptied and filled again'],
    ['[STORE-2] does not notice answers', ignoringAnswers, 'a call that is answered'],
    ['[STORE-2] tells of one call twice', tellingTwice, 'the live calls of several users'],
    ['[STORE-3] reads, compares, then writes', checkingFirst, 'of concurrent commits on one version of a call'],
    ['[STORE-3] reads, compares, then writes lines', checkingFirst, 'of two users who call each other at once'],
    ['[STORE-4] lets what was claimed never come back', claimingForEver, 'comes back after 5 s'],
    ['[STORE-4] lets several claim one call', claimingNothing, 'claimed by one claimer at a time'],
    ['[STORE-5] forgets ended calls at once', forgettingEnded, 'is found for 120 s'],
    ['[STORE-6] changes calls in place', changingInPlace, 'what was handed out stays as it was'],
  ])('%s', async (name, createStore, why) => {
    const failed = await failures(callStoreContract, createStore);
    const rule = name.slice(0, name.indexOf(' '));
    expect(failed).toContainEqual(expect.stringMatching(`^\\${rule}.*${why}`));
    expect(failed.length).toBeLessThan(callStoreContract.length / 2);
  });
});

test('[STORE-3] the contract fails a presence store that swaps whatever was expected', async () => {
  const failed = await failures(presenceStoreContract, swappingBlindly);
  expect(failed).toContainEqual(expect.stringContaining('of concurrent swaps on one connection'));
  expect(failed).toContainEqual(expect.stringContaining('is not removed for another connection'));
});

describe('the contract fails scopes that', () => {
  test.each([
    ['[STORE-10] share their calls', mixingScopes, 'calls of one id in two scopes are two calls'],
    ['[STORE-10] are taken for one another', ignoringCase, 'whatever the scopes are called'],
    ['[STORE-10] are listed once', forgettingClaimed, 'is listed, once, for as long as the call lives'],
    ['[STORE-10] are made anew', replacingEmpty, 'what somebody holds on to goes on'],
  ])('%s', async (_, createStores, why) => {
    const failed = await failures(scopesContract, createStores);
    expect(failed).toContainEqual(expect.stringContaining(why));
    expect(failed.length).toBeLessThan(scopesContract.length);
  });
});

describe('the contract fails a restore store that', () => {
  test.each([
    ['[TEST-9] never lets a claim lapse', neverLapsing, 'a claim is found until it lapses'],
    ['[TEST-9] finds any claim to the call', finding, 'of other users, to other calls'],
    ['[TEST-9] looks before it files', forgettingTheFirst, 'finds the first, and so does the first'],
    ['[TEST-9] keeps what was taken back', neverWithdrawing, 'a claim that was taken back is not found'],
    ['[TEST-9] keeps what it was given', keepingWhatWasGiven, 'changing a claim that was given'],
    ['[TEST-9] keeps claims without end', withoutBounds, 'a user has 32 claims at most'],
  ])('%s', async (_, createStore, why) => {
    const failed = await failures(restoreStoreContract, createStore);
    expect(failed).toContainEqual(expect.stringContaining(why));
    expect(failed.length).toBeLessThan(restoreStoreContract.length / 2);
  });
});

describe('the contract fails a store of rates that', () => {
  test.each([
    ['[TEST-9] counts by the minutes of the clock', countingByMinute, 'after the time that it named a token is there'],
    ['[TEST-9] reads, then writes', readingFirst, 'no two get the same token'],
    ['[TEST-9] charges whom it refuses', chargingTheRefused, 'what has to wait takes nothing'],
    ['[TEST-9] has one bucket for all', mixingKeys, 'every key has a bucket of its own'],
  ])('%s', async (_, createStore, why) => {
    const failed = await failures(rateLimitStoreContract, createStore);
    expect(failed).toContainEqual(expect.stringContaining(why));
    expect(failed.length).toBeLessThan(rateLimitStoreContract.length);
  });
});

describe('the contract fails a store of revocations that', () => {
  test.each([
    ['[TEST-9] keeps the last time of a user', turningBack, 'the latest time counts'],
    ['[TEST-9] takes a name for a user', beingOneForAll, 'each is its own'],
    ['[TEST-9] tells everything each time', tellingAll, 'what is known already is no news'],
  ])('%s', async (_, createStore, why) => {
    const failed = await failures(revocationStoreContract, createStore);
    expect(failed).toContainEqual(expect.stringContaining(why));
    expect(failed.length).toBeLessThan(revocationStoreContract.length);
  });
});
