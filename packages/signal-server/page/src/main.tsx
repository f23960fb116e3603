import { render } from 'preact';
import { App } from './view/app.js';
import './page.css';

const root = document.getElementById('page');
const path = document.querySelector<HTMLMetaElement>('meta[name="signal-path"]')?.content ?? '/socket.io';
if (root) render(<App path={path} />, root);
