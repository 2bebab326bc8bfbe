/**
 * Markers of ITU-T T.81, table B.1; a start of frame is C0 to CF but for the three among them that
 * are none.
 */
const markers = { end: 0xd9, scan: 0xda } as const;
const noFrames = [0xc4, 0xc8, 0xcc];

/** A segment of a JPEG's header: where its marker stands, and where its data begin and end. */
interface Segment {
  readonly marker: number;
  readonly at: number;
  readonly data: number;
  readonly end: number;
}

/**
 * The segments up to the first scan's, that one included; what no segment covers between them is
 * junk.
 */
function* headerSegments(bytes: Uint8Array): Generator<Segment> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || !hasLength(bytes[at + 1] as number)) {
      at++;
      continue;
    }
    const end = at + 2 + (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number);
    if (end > bytes.length) return;
    const segment = { marker: bytes[at + 1] as number, at, data: at + 4, end };
    yield segment;
    if (segment.marker === markers.scan) return;
    at = end;
  }
}

function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xff && (marker < 0xd0 || marker > markers.end);
}

/** Whether a JPEG has four components, as printers' have (CMYK, YCCK). */
export function isCmyk(bytes: Uint8Array): boolean {
  for (const { marker, data } of headerSegments(bytes))
    if (marker >= 0xc0 && marker <= 0xcf && !noFrames.includes(marker)) return bytes[data + 5] === 4;
  return false;
}

/**
 * A copy of a JPEG without the faults around its pixels that libjpeg would mention: bytes between
 * its segments, a wrong range of coefficients in a sequential scan's header, a missing end. As
 * libjpeg words only the first of its warnings, whatever it has to say of the copy is about the
 * pixels.
 */
export function withSoundHeader(bytes: Uint8Array): Uint8Array {
  const pieces = [bytes.subarray(0, 2)];
  let isSequential = false;
  let rest = 2;
  for (const { marker, at, data, end } of headerSegments(bytes)) {
    if (marker === 0xc0 || marker === 0xc1) isSequential = true;
    const segment = Uint8Array.from(bytes.subarray(at, end)); // a Buffer's slice would be the same memory
    const range = data - at + 1 + 2 * (bytes[data] ?? 0);
    if (marker === markers.scan && isSequential && range + 3 <= segment.length)
      segment.set([0, 63, 0], range);
    pieces.push(segment);
    rest = end;
  }
  pieces.push(bytes.subarray(rest), Uint8Array.of(0xff, markers.end));
  return Buffer.concat(pieces);
}

/** What libjpeg (jerror.h) says of JPEGs whose pixels are all there. */
const harmless = [
  /extraneous bytes before marker/,
  /Invalid SOS parameters/,
  /Inconsistent progression sequence/,
  /Unknown Adobe color transform/,
  /unknown JFIF revision/,
  /bad ICC marker/,
  /^Warning treated as error/,
];

/**
 * Whether all that sharp reports of a JPEG with `failOn: "warning"` leaves its pixels as they were
 * meant.
 */
export function isHarmless(message: string): boolean {
  return message.split("\n").every((line) => line === "" || harmless.some((known) => known.test(line)));
}
