/** The `mid` of every video m-line, in their order. */
export function videoMids(sdp: string): string[] {
  const sections = sdp.split(/^m=/m).slice(1);
  return sections
    .filter((section) => section.startsWith('video'))
    .map((section) => /^a=mid:(\S+)/m.exec(section)?.[1] ?? '');
}
