//! Which encoding of a session's data compresses best.
//!
//! A byte of 128 or above is two bytes of `session_text`. Compressors make up for that where such bytes
//! repeat, as in Java's headers and small numbers, and cannot where they are random: encrypted, compressed
//! and image data grow by a fifth. Base64 has the opposite weakness: it costs random bytes nothing, and
//! hides repeated texts from the compressor, whose matches must then begin at the same remainder of three.

/// Bytes that are looked at together. Random ones show as such in 64: about half are 128 or above, and
/// about 57 of them differ.
const WINDOW: usize = 64;
/// The least of each in a window of random bytes: four standard deviations below what is expected.
const HIGH: u8 = 16;
const DIFFERENT: u32 = 46;
/// Windows of one session that are looked at, evenly spread.
const WINDOWS: usize = 1024;
/// The share of random windows from which base64 is the shorter one, as a divisor. Random text costs 21 %
/// more as `session_text`, and class names and words some 16 % more as base64, of the little to which they
/// compress.
const RANDOM_SHARE: usize = 8;

/// Tells whether `session_text` compresses better than base64.
pub(super) fn compresses_as_text(data: &[u8]) -> bool {
    let (windows, _) = data.as_chunks::<WINDOW>();
    let step = windows.len().div_ceil(WINDOWS).max(1);
    let random = windows.iter().step_by(step).filter(|window| is_random(window)).count();
    random * RANDOM_SHARE <= windows.len().div_ceil(step)
}

fn is_random(window: &[u8; WINDOW]) -> bool {
    // Sixty-four fit into a byte: summed as bytes, the processor adds sixteen at a time.
    window.iter().map(|byte| byte >> 7).sum::<u8>() >= HIGH && different(window) >= DIFFERENT
}

/// The number of different bytes.
fn different(window: &[u8; WINDOW]) -> u32 {
    let mut seen = [0_u64; 4];
    for byte in window {
        seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    seen.iter().map(|word| word.count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(length: usize) -> Vec<u8> {
        let mut random = fastrand::Rng::with_seed(27);
        (0..length).map(|_| random.u8(..)).collect()
    }

    #[test]
    fn texts_of_any_language_are_text() {
        let texts = [
            "org.springframework.security.core.context.SecurityContextImpl ",
            "сессия пользователя ",
            "会话中的用户购物车里的商品与价格",
        ];
        for text in texts {
            assert!(compresses_as_text(text.repeat(40).as_bytes()), "{text}");
        }
        assert!(compresses_as_text(b"") && compresses_as_text(&[0xff; 4096]));
    }

    #[test]
    fn numbers_of_java_are_text() {
        let longs: Vec<u8> = (0..300_u64).flat_map(|n| (1_795_360_000_000 + n * 977).to_be_bytes()).collect();
        let negative: Vec<u8> = (0..300_i32).flat_map(|n| (-n).to_be_bytes()).collect();
        assert!(compresses_as_text(&longs) && compresses_as_text(&negative));
    }

    #[test]
    fn encrypted_and_compressed_data_are_not_text() {
        assert!(!compresses_as_text(&random(64)) && !compresses_as_text(&random(1 << 20)));
        // A token of 512 bytes among texts.
        let text = b"java.util.concurrent.ConcurrentHashMap ".repeat(30);
        assert!(!compresses_as_text(&[&text[..], &random(512), &text[..]].concat()));
        assert!(compresses_as_text(&[&text[..], &random(64), &text[..]].concat()), "a key among texts");
    }
}
