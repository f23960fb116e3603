import { runLegacyOnNodes } from './nodes-legacy.ts';

runLegacyOnNodes('websocket');
