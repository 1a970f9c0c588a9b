// The plainest lossless WebP there can be: no transforms, and prefix codes that are the bytes
// themselves (RFC 9649). For fixtures only.

class Bits {
  bytes = [];
  used = 0;
  put(value, count) {
    for (let i = 0; i < count; i++, this.used++) {
      if (this.used % 8 === 0) this.bytes.push(0);
      this.bytes[this.bytes.length - 1] |= ((value >> i) & 1) << (this.used % 8);
    }
  }
}

const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let i = 0; i < 8; i++) out |= ((byte >> i) & 1) << (7 - i);
  return out;
});

// A prefix code in which the first 256 symbols have eight bits each.
function putByteCode(bits, alphabet) {
  bits.put(0, 1); // not a simple code
  bits.put(12 - 4, 4); // twelve lengths for the code of lengths follow,
  for (let i = 0; i < 11; i++) bits.put(0, 3);
  bits.put(1, 3); // and only the twelfth, which stands for "8", is used
  if (alphabet === 256) {
    bits.put(0, 1);
  } else {
    bits.put(1, 1); // only the first 256 symbols have a length
    bits.put(3, 3);
    bits.put(256 - 2, 8);
  }
}

// RGBA bytes to a WebP file.
export function encodeWebp(width, height, rgba) {
  const bits = new Bits();
  bits.put(0x2f, 8);
  bits.put(width - 1, 14);
  bits.put(height - 1, 14);
  bits.put(1, 1); // has alpha
  bits.put(0, 3); // version
  bits.put(0, 1); // no transform
  bits.put(0, 1); // no colour cache
  bits.put(0, 1); // one set of codes
  for (const alphabet of [256 + 24, 256, 256, 256]) putByteCode(bits, alphabet);
  bits.put(1, 1); // distances: a simple code
  bits.put(0, 3); // of the one symbol 0, never used
  for (let i = 0; i < width * height * 4; i += 4) {
    for (const channel of [1, 0, 2, 3]) bits.put(reversed[rgba[i + channel]], 8);
  }
  const body = Buffer.from(bits.bytes);
  const padded = body.length + (body.length % 2);
  const file = Buffer.alloc(20 + padded);
  file.write("RIFF", 0);
  file.writeUInt32LE(12 + padded, 4);
  file.write("WEBPVP8L", 8);
  file.writeUInt32LE(body.length, 16);
  body.copy(file, 20);
  return file;
}
