import { z } from 'zod';
import { iceServersSchema } from '../protocol/ice-servers.js';
import { errorCodeSchema, httpErrorSchema } from '../protocol/refusals.js';
import {
  credentialsSchema,
  healthSchema,
  listedUserSchema,
  livezSchema,
  loginSuccessSchema,
  notReadySchema,
  readySchema,
} from '../protocol/rest.js';
import { knownUserSchema } from '../protocol/users.js';

/** What REST takes and answers, by name. */
export const REST_MODELS = {
  Credentials: credentialsSchema,
  LoginSuccess: loginSuccessSchema,
  KnownUser: knownUserSchema,
  KnownUsers: z.array(knownUserSchema),
  ListedUser: listedUserSchema,
  ListedUsers: z.array(listedUserSchema),
  IceServers: iceServersSchema,
  Health: healthSchema,
  Alive: livezSchema,
  Ready: readySchema,
  NotReady: notReadySchema,
  ErrorCode: errorCodeSchema,
  HttpError: httpErrorSchema,
} as const;

export type ModelName = keyof typeof REST_MODELS;
