//! Chooses the encoding of a session's data that compresses best.
//!
//! A byte of 128 or above is two bytes of `session_text`. Compressors compensate for that if such bytes repeat, as in
//! Java's headers and small numbers, but not if they are random: encrypted, compressed and image data grow by a
//! fifth. Base64 has the opposite weakness: random bytes cost nothing extra, but repeated text is hidden from the
//! compressor, because matches must begin at the same position modulo three.

/// Number of bytes that are examined together. Among 64 random bytes, about half are 128 or above, and about 57 are
/// different.
const WINDOW: usize = 64;
/// Minimum numbers in a window of random bytes: four standard deviations below the expected ones.
const HIGH: u8 = 16;
const DIFFERENT: u32 = 46;
/// Maximum number of windows of a session that are examined, evenly spread.
const WINDOWS: usize = 1024;
/// The share of random windows from which base64 is shorter, as a divisor. Random data are 21 % larger as
/// `session_text`; class names and words are about 16 % larger as base64, relative to their small compressed size.
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

/// Number of different bytes.
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
        // A token of 512 bytes among text.
        let text = b"java.util.concurrent.ConcurrentHashMap ".repeat(30);
        assert!(!compresses_as_text(&[&text[..], &random(512), &text[..]].concat()));
        assert!(compresses_as_text(&[&text[..], &random(64), &text[..]].concat()), "a key among texts");
    }
}
