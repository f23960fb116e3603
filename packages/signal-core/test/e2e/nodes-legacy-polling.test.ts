import { runLegacyOnNodes } from './nodes-legacy.ts';

runLegacyOnNodes('polling');
