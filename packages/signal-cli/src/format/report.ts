import type { CallReport } from '../session/call-report.js';
import type { MediaReport, RtcReport } from '../session/media-peer.js';
import { plural } from './count.js';
import { formatDuration } from './duration.js';

/** The end of a call in one line. */
export function formatReport(report: CallReport): string {
  const who = report.role === 'caller' ? `call to ${report.peer.username}` : `call from ${report.peer.username}`;
  const parts = [
    report.reason,
    report.setupMs !== null && `set up in ${formatDuration(report.setupMs)}`,
    report.durationMs !== null && `lasted ${formatDuration(report.durationMs)}`,
    report.durationMs !== null && report.media && formatMedia(report.media),
  ].filter((part) => typeof part === 'string');
  return [`${report.outcome.replace('_', ' ')}: ${who}`, ...parts].join(', ');
}

function formatMedia(media: MediaReport): string {
  if (media.kind === 'rtc') return formatRtc(media);
  const verdict =
    media.verified === null ? 'nothing recorded to compare with' : media.verified ? 'verified' : 'NOT as recorded';
  return `${plural(media.candidatesSent, 'candidate')} sent, ${media.candidatesReceived} received, ${verdict}`;
}

function formatRtc(media: RtcReport): string {
  return [
    media.iceConnectedMs === null ? 'ICE not connected' : `ICE connected in ${formatDuration(media.iceConnectedMs)}`,
    media.channelOpenMs === null ? 'no channel' : `channel open in ${formatDuration(media.channelOpenMs)}`,
    media.messageSent !== null && media.messageReceived !== null ? 'a message each way' : 'no message exchange',
    `candidates here ${formatTypes(media.localCandidates)}, there ${formatTypes(media.remoteCandidates)}`,
  ].join(', ');
}

/** `host 4, relay 1`. */
function formatTypes(types: Record<string, number>): string {
  return (
    Object.entries(types)
      .map(([type, count]) => `${type} ${count}`)
      .join(' + ') || 'none'
  );
}
