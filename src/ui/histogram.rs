//! A histogram in one cell of a table.

/// Width of a bar. The bars are separated by spaces, and a label of three characters fits above each.
const WIDTH: usize = 3;

/// Characters for heights from one eighth to full.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// ASCII characters for the same heights.
const PLAIN: [char; 8] = ['.', ':', '-', '=', '+', 'x', '#', '@'];

/// A bar for each number; the largest number has a full bar, 0 has none, and every other number a visible one.
pub fn bars(numbers: impl IntoIterator<Item = u64>, ascii: bool) -> String {
    let numbers: Vec<u64> = numbers.into_iter().collect();
    let most = numbers.iter().copied().max().unwrap_or(0).max(1);
    let heights = if ascii { PLAIN } else { BLOCKS };
    let bar = |&number: &u64| {
        // 1 to 8, rounded up.
        let eighths = (u128::from(number) * 8).div_ceil(u128::from(most)) as usize;
        let cell = eighths.checked_sub(1).and_then(|at| heights.get(at)).copied().unwrap_or(' ');
        String::from_iter([cell; WIDTH])
    };
    numbers.iter().map(bar).collect::<Vec<_>>().join(" ")
}

/// Labels above the bars: their upper limits.
pub fn marks<'a>(marks: impl IntoIterator<Item = &'a str>) -> String {
    marks.into_iter().map(|mark| format!("{mark:>WIDTH$}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights() {
        assert_eq!(bars([0, 1, 400, 800], false), "    ▁▁▁ ▄▄▄ ███");
        assert_eq!(bars([8, 7, 6, 5, 4, 3, 2, 1], true), "@@@ ### xxx +++ === --- ::: ...");
        assert_eq!(bars([0, 0], true), "       ");
        assert_eq!(bars([u64::MAX, 1], false), "███ ▁▁▁");
        assert_eq!(bars([], false), "");
        assert_eq!(marks(["1m", "30m", "+"]), " 1m 30m   +");
    }
}
