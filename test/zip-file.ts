import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: string | Buffer;
  /** What the directory claims about it. */
  checksum?: number;
  size?: number;
  encrypted?: boolean;
  method?: number;
  /** Points to the content of the first entry. */
  overlaps?: boolean;
}

/** A zip archive, or what somebody with bad intent makes of one. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const { name, content, checksum, size, encrypted = false, method = 8, overlaps = false } of entries) {
    const bytes = Buffer.from(content);
    const data = method === 0 ? bytes : deflateRawSync(bytes, { level: 1 });
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    about.writeUInt16LE(method, 4);
    about.writeUInt32LE(checksum ?? crc32(bytes), 10);
    about.writeUInt32LE(data.length, 14);
    about.writeUInt32LE(size ?? bytes.length, 18);
    about.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), about, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(overlaps ? 0 : position, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), about, rest, Buffer.from(name)]));
    if (overlaps) continue;
    parts.push(local);
    position += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('504b0506', 0, 'hex');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...parts, listed, end]);
}
