/** IEEE 754 binary16, little-endian, in float32: sign, 5 bits of exponent (bias 15), 10 of fraction. */
export function widenedFloat16(bytes: Uint8Array): Float32Array {
  return widened(bytes, (half) => {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return sign | 0x7f80_0000 | (fraction << 13);
    if (exponent > 0) return sign | ((exponent + 127 - 15) << 23) | (fraction << 13);
    return fraction === 0 ? sign : sign | subnormal(fraction);
  });
}

/** bfloat16, little-endian, in float32: the upper half of its bits. */
export function widenedBfloat16(bytes: Uint8Array): Float32Array {
  return widened(bytes, (half) => half << 16);
}

/** fraction · 2⁻²⁴ with its leading one made implicit: what float16 holds below its exponents is normal in float32. */
function subnormal(fraction: number): number {
  const leading = 31 - Math.clz32(fraction);
  const rest = fraction ^ (1 << leading);
  return ((leading + 127 - 24) << 23) | (rest << (23 - leading));
}

function widened(bytes: Uint8Array, bitsOf: (half: number) => number): Float32Array {
  const halves = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = new Int32Array(bytes.byteLength / 2);
  for (let i = 0; i < bits.length; i++) bits[i] = bitsOf(halves.getUint16(2 * i, true));
  return new Float32Array(bits.buffer);
}
