//! BigInteger, BigDecimal and the atomic numbers, formatted like their toString.

use std::fmt::Write;

use super::super::tree::{Kind, NodeId, Tree, Value};

/// Maximum number of bytes of a magnitude that is converted to decimal; the time is quadratic.
const DECIMAL: usize = 512;

pub(super) fn text_of(tree: &Tree<'_>, id: NodeId, class: &str) -> Option<String> {
    match class {
        "java.math.BigInteger" => big_integer(tree, id),
        "java.math.BigDecimal" => {
            let (Value::Int(scale), Value::Node(unscaled)) = (tree.field(id, "scale")?, tree.field(id, "intVal")?)
            else {
                return None;
            };
            Some(scaled(&big_integer(tree, unscaled)?, scale))
        }
        "java.util.concurrent.atomic.AtomicInteger" | "java.util.concurrent.atomic.AtomicLong" => {
            match tree.field(id, "value")? {
                Value::Int(n) => Some(n.to_string()),
                Value::Long(n) => Some(n.to_string()),
                _ => None,
            }
        }
        "java.util.concurrent.atomic.AtomicBoolean" => match tree.field(id, "value")? {
            Value::Int(n) => Some((n != 0).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn big_integer(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let (Value::Int(signum), Value::Node(magnitude)) = (tree.field(id, "signum")?, tree.field(id, "magnitude")?) else {
        return None;
    };
    let Kind::Primitives { element: b'B', bytes, .. } = tree.node(magnitude).kind else { return None };
    let digits = decimal(bytes.of(tree.bytes()));
    Some(if signum < 0 { format!("-{digits}") } else { digits })
}

/// A magnitude in decimal, or in hexadecimal if it is very long.
fn decimal(magnitude: &[u8]) -> String {
    if magnitude.len() > DECIMAL {
        let mut out = "0x".to_owned();
        for byte in magnitude {
            let _ = write!(out, "{byte:02x}");
        }
        return out;
    }
    // Base 10^9, least significant first.
    let mut limbs = vec![0_u64];
    for &byte in magnitude {
        let mut carry = u64::from(byte);
        for limb in &mut limbs {
            carry += *limb << 8;
            *limb = carry % 1_000_000_000;
            carry /= 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut out = limbs.pop().unwrap_or(0).to_string();
    for limb in limbs.iter().rev() {
        let _ = write!(out, "{limb:09}");
    }
    out
}

/// Like `BigDecimal.toString`: plain for a small exponent, otherwise scientific.
fn scaled(unscaled: &str, scale: i32) -> String {
    let (sign, digits) = unscaled.strip_prefix('-').map_or(("", unscaled), |digits| ("-", digits));
    if scale == 0 || digits.starts_with("0x") {
        return if scale == 0 { unscaled.to_owned() } else { format!("{unscaled} * 10^{}", -i64::from(scale)) };
    }
    let (length, places) = (digits.len() as i64, i64::from(scale));
    let exponent = length - 1 - places;
    if places > 0 && exponent >= -6 {
        if places < length {
            let (whole, part) = digits.split_at((length - places) as usize);
            return format!("{sign}{whole}.{part}");
        }
        return format!("{sign}0.{}{digits}", "0".repeat((places - length) as usize));
    }
    let (first, more) = digits.split_at(1);
    let point = if more.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{more}E{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0xff; 16]), u128::MAX.to_string());
        assert_eq!(decimal(&[0x3b, 0x9a, 0xca, 0x00]), "1000000000");
        assert!(decimal(&[0xff; 513]).starts_with("0xffff"));
    }

    #[test]
    fn decimals_are_formatted_as_in_java() {
        for (unscaled, scale, text) in [
            ("123", 0, "123"),
            ("-123", 0, "-123"),
            ("123", -1, "1.23E+3"),
            ("123", -3, "1.23E+5"),
            ("123", 1, "12.3"),
            ("123", 5, "0.00123"),
            ("123", 10, "1.23E-8"),
            ("-123", 12, "-1.23E-10"),
            ("0", 2, "0.00"),
            ("5", -7, "5E+7"),
        ] {
            assert_eq!(scaled(unscaled, scale), text);
        }
        assert_eq!(scaled("1", i32::MIN), "1E+2147483648");
    }
}
