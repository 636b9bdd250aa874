//! Compressed texts: gzip (RFC 1952) around deflate (RFC 1951).
//!
//! A reader of its own, because what a file holds is a few kilobytes, and the crate that programs use for it
//! (`miniz_oxide`) takes several times the room in the module for browsers.

/// The content of a gzip file; nothing if it is damaged or too long for a configuration.
pub(super) fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const HEADER_CHECKSUM: u8 = 2;
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return None };
    let mut rest = rest;
    if flags & EXTRA != 0 {
        let [low, high, behind @ ..] = rest else { return None };
        rest = behind.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    for field in [NAME, COMMENT] {
        if flags & field != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        rest = rest.get(2..)?;
    }
    BitStream { bytes: rest, at: 0, most: 64 * rest.len() + 1024 }.inflate()
}

/// A stream of bits, the lowest of each byte first.
struct BitStream<'b> {
    bytes: &'b [u8],
    at: usize,
    /// How long the content may be: what a text becomes is in proportion to it.
    most: usize,
}

/// A Huffman code: how many codes each length has, and the symbols by code.
struct HuffmanCode {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl HuffmanCode {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        let mut symbols = vec![];
        for length in 1..16u8 {
            let own = lengths.iter().zip(0u16..).filter(|(own, _)| **own == length).map(|(_, symbol)| symbol);
            let before = symbols.len();
            symbols.extend(own);
            if let Some(count) = counts.get_mut(usize::from(length)) {
                *count = (symbols.len() - before) as u16;
            }
        }
        Self { counts, symbols }
    }
}

/// The shortest length or distance of each symbol, and how many further bits it has.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

impl BitStream<'_> {
    fn take(&mut self, count: u8) -> Option<u16> {
        let mut value = 0;
        for bit in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value |= u16::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }

    fn symbol(&mut self, code: &HuffmanCode) -> Option<u16> {
        let (mut value, mut first, mut index) = (0u32, 0u32, 0u32);
        for count in code.counts.iter().skip(1) {
            value |= u32::from(self.take(1)?);
            let count = u32::from(*count);
            if value < first + count {
                return code.symbols.get((index + value - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        None
    }

    fn inflate(mut self) -> Option<Vec<u8>> {
        let mut out = vec![];
        loop {
            let is_last = self.take(1)? == 1;
            match self.take(2)? {
                0 => self.stored(&mut out)?,
                1 => {
                    let mut lengths = [8; 288];
                    lengths.get_mut(144..256)?.fill(9);
                    lengths.get_mut(256..280)?.fill(7);
                    self.block(&HuffmanCode::new(&lengths), &HuffmanCode::new(&[5; 30]), &mut out)?;
                }
                2 => {
                    let (letters, distances) = self.codes()?;
                    self.block(&letters, &distances, &mut out)?;
                }
                _ => return None,
            }
            if is_last {
                return Some(out);
            }
        }
    }

    fn stored(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let start = self.at.div_ceil(8);
        let [low, high, _, _] = *self.bytes.get(start..start + 4)? else { return None };
        let len = usize::from(u16::from_le_bytes([low, high]));
        out.extend(self.bytes.get(start + 4..start + 4 + len)?);
        self.at = (start + 4 + len) * 8;
        (out.len() <= self.most).then_some(())
    }

    /// The codes of a block that has its own.
    fn codes(&mut self) -> Option<(HuffmanCode, HuffmanCode)> {
        const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        let letters = usize::from(self.take(5)?) + 257;
        let distances = usize::from(self.take(5)?) + 1;
        let count = usize::from(self.take(4)?) + 4;
        let mut lengths = [0; 19];
        for slot in ORDER.iter().take(count) {
            *lengths.get_mut(*slot)? = self.take(3)? as u8;
        }
        let code = HuffmanCode::new(&lengths);
        let mut lengths: Vec<u8> = vec![];
        while lengths.len() < letters + distances {
            let (length, times) = match self.symbol(&code)? {
                16 => (*lengths.last()?, 3 + self.take(2)?),
                17 => (0, 3 + self.take(3)?),
                18 => (0, 11 + self.take(7)?),
                length => (length as u8, 1),
            };
            lengths.extend(std::iter::repeat_n(length, usize::from(times)));
        }
        let (letters, rest) = lengths.split_at_checked(letters)?;
        Some((HuffmanCode::new(letters), HuffmanCode::new(rest.get(..distances)?)))
    }

    fn block(&mut self, letters: &HuffmanCode, distances: &HuffmanCode, out: &mut Vec<u8>) -> Option<()> {
        while out.len() <= self.most {
            let symbol = self.symbol(letters)?;
            if symbol < 256 {
                out.push(symbol as u8);
                continue;
            }
            let Some(symbol) = symbol.checked_sub(257) else { return Some(()) };
            let (length, bits) = *LENGTHS.get(usize::from(symbol))?;
            let length = usize::from(length + self.take(bits)?);
            let symbol = self.symbol(distances).filter(|symbol| *symbol < 30)?;
            // Two symbols for each number of further bits.
            let bits = (symbol / 2).saturating_sub(1) as u8;
            let base = if symbol < 2 { usize::from(symbol) } else { (2 + usize::from(symbol % 2)) << bits };
            let distance = 1 + base + usize::from(self.take(bits)?);
            let from = out.len().checked_sub(distance)?;
            for at in from..from + length {
                out.push(*out.get(at)?);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::gunzip;

    #[test]
    fn each_form_of_a_block_is_read() {
        // As `gzip` writes them: stored, with the fixed codes, with codes of its own.
        const STORED: &[u8] = &[
            31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 1, 6, 0, 249, 255, 97, 32, 61, 32, 49, 10, 104, 218, 47, 175, 6, 0, 0, 0,
        ];
        const FIXED: &[u8] = &[
            31, 139, 8, 8, 0, 0, 0, 0, 0, 3, 99, 111, 110, 102, 105, 103, 46, 116, 111, 109, 108, 0, 43, 75, 45, 42,
            206, 204, 207, 83, 176, 85, 48, 226, 42, 195, 193, 6, 0, 129, 111, 217, 200, 36, 0, 0, 0,
        ];
        const OWN: &[u8] = &[
            31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 77, 212, 59, 106, 67, 49, 20, 69, 209, 62, 163, 48, 30, 129, 238, 79, 159,
            34, 99, 9, 46, 92, 57, 109, 2, 153, 125, 12, 58, 15, 237, 118, 131, 193, 139, 167, 115, 95, 207, 191, 175,
            118, 251, 188, 221, 127, 31, 223, 63, 207, 91, 187, 127, 188, 222, 197, 78, 89, 182, 118, 243, 211, 102,
            204, 221, 226, 180, 81, 99, 183, 60, 173, 143, 190, 91, 157, 86, 171, 118, 235, 104, 150, 187, 141, 211,
            50, 98, 183, 121, 90, 148, 239, 182, 78, 243, 97, 250, 207, 96, 216, 186, 32, 144, 88, 147, 196, 64, 113,
            73, 12, 148, 149, 162, 24, 44, 179, 203, 98, 192, 140, 41, 140, 65, 51, 154, 52, 6, 78, 119, 113, 12, 158,
            74, 121, 12, 160, 236, 2, 57, 64, 49, 5, 114, 128, 124, 93, 159, 134, 32, 147, 200, 33, 178, 144, 200, 33,
            42, 129, 28, 160, 53, 4, 114, 128, 230, 18, 200, 1, 154, 38, 144, 3, 52, 66, 32, 7, 168, 151, 64, 1, 80,
            13, 129, 2, 160, 156, 2, 5, 64, 217, 174, 199, 6, 80, 184, 64, 1, 144, 167, 68, 1, 145, 117, 137, 130, 34,
            129, 2, 32, 113, 2, 156, 229, 226, 196, 226, 111, 197, 73, 112, 70, 23, 39, 141, 207, 95, 156, 116, 190,
            127, 113, 50, 56, 128, 107, 60, 201, 5, 136, 147, 197, 9, 136, 147, 157, 27, 144, 39, 7, 55, 32, 81, 66,
            100, 38, 81, 66, 20, 2, 21, 64, 171, 4, 42, 227, 6, 4, 42, 231, 6, 4, 42, 94, 131, 38, 80, 241, 28, 248,
            117, 14, 120, 15, 82, 160, 234, 220, 128, 64, 197, 15, 52, 5, 42, 158, 132, 38, 80, 241, 38, 248, 91, 244,
            15, 176, 29, 175, 67, 218, 4, 0, 0,
        ];
        let lines: String = (0..60).map(|i| format!("key_{i} = \"value {}\"\n", i * 7919 % 1000)).collect();
        assert_eq!(gunzip(STORED).unwrap(), b"a = 1\n");
        assert_eq!(gunzip(FIXED).unwrap(), "version = 2\n".repeat(3).as_bytes());
        assert_eq!(gunzip(OWN).unwrap(), lines.as_bytes());
        for cut in 0..OWN.len() - 8 {
            assert_eq!(gunzip(&OWN[..cut]), None, "{cut}");
        }
    }
}
