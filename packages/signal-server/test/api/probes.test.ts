import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import express from 'express';
import type { Readiness } from 'signal-core';
import { listenOnLoopback } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { probes } from '../../src/probes.ts';

const openApi = JSON.parse(readFileSync(new URL('../../../../docs/api/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'document', ...openApi });

test.each<[path: string, readiness: Readiness, status: number]>([
  ['/livez', 'starting', 200],
  ['/readyz', 'ready', 200],
  ['/readyz', 'starting', 503],
  ['/readyz', 'draining', 503],
  ['/readyz', 'stores away', 503],
])('[API-4] %s of a server that is %s answers %i, as openapi.json says', async (path, readiness, status) => {
  const { url, stop } = await listenOnLoopback(createServer(express().use(probes(() => readiness))));
  onTestFinished(stop);
  const response = await fetch(url + path);
  expect(response.status).toBe(status);
  const place = `document#/paths/~1${path.slice(1)}/get/responses/${status}/content/application~1json/schema`;
  const body = await response.json();
  expect(ajv.validate(place, body), JSON.stringify(ajv.errors)).toBe(true);
  expect(ajv.validate(place, { ...Object(body), status: 'unknown' })).toBe(false);
});
