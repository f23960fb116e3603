import { useLayoutEffect, useRef } from 'preact/hooks';

interface VideoProps {
  stream: MediaStream;
  label: string;
  class: string;
  /** Of one's own, which must not be heard. */
  isSilent?: boolean;
}

/** Shows a stream, and plays its sound. */
export function Video({ stream, label, class: name, isSilent = false }: VideoProps) {
  const ref = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    if (ref.current) ref.current.srcObject = stream;
  }, [stream]);
  return <video ref={ref} class={name} aria-label={label} muted={isSilent} autoplay playsInline />;
}
