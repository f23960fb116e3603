import { runLegacyIn } from './auth-legacy.ts';

// [AUTH-2] what deployed clients do, by clients that do nothing new but to show a token
runLegacyIn('passwords');
