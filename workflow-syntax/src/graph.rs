//! Reachability and orders over plain ids: no syntax, no spans.

use std::collections::{HashSet, VecDeque};

/// The ids that can be reached from a start, in breadth-first order.
pub fn reachable(start: usize, successors: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = HashSet::from([start]);
    let mut queue = VecDeque::from([start]);
    while let Some(id) = queue.pop_front() {
        order.push(id);
        queue.extend(successors(id).into_iter().filter(|next| seen.insert(*next)));
    }
    order
}

/// The ids that can be reached from a start, each after all that lead to it, but for those that lead back.
pub fn topological(start: usize, successors: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    // The last is taken first, so the successors are turned round to be taken in their order.
    let waiting = |id: usize| successors(id).into_iter().rev().collect::<Vec<usize>>();
    let mut order = Vec::new();
    let mut seen = HashSet::from([start]);
    let mut stack = vec![(start, waiting(start))];
    while let Some((id, rest)) = stack.last_mut() {
        match rest.pop() {
            Some(next) if seen.insert(next) => stack.push((next, waiting(next))),
            Some(_) => {}
            None => {
                order.push(*id);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

/// A way from a start to an end, the shortest.
pub fn route(
    start: usize,
    end: usize,
    successors: impl Fn(usize) -> Vec<usize>,
) -> Option<Vec<usize>> {
    let mut queue = VecDeque::from([vec![start]]);
    let mut seen = HashSet::from([start]);
    while let Some(path) = queue.pop_front() {
        let last = *path.last()?;
        if last == end {
            return Some(path);
        }
        for next in successors(last) {
            if seen.insert(next) {
                queue.push_back(path.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 → 1 → 2 → 3, 0 → 2, 3 → 1; 4 → 4 stands apart.
    fn successors(id: usize) -> Vec<usize> {
        [vec![1, 2], vec![2], vec![3], vec![1], vec![4]][id].clone()
    }

    #[test]
    fn what_cannot_be_reached_is_not_in_the_order() {
        assert_eq!(reachable(0, successors), [0, 1, 2, 3]);
    }

    #[test]
    fn a_state_comes_after_all_that_lead_to_it_but_for_loops() {
        assert_eq!(topological(0, successors), [0, 1, 2, 3]);
    }

    #[test]
    fn a_route_is_the_shortest() {
        assert_eq!(route(0, 3, successors), Some(vec![0, 2, 3]));
        assert_eq!(route(0, 4, successors), None);
    }
}
