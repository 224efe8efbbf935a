//! Tokens that retries cost: when most calls fail, to retry them all would make it worse.

use super::Retry;
use std::sync::atomic::{AtomicU32, Ordering};

/// The tokens that are left. Costs and capacity are those of the AWS SDKs.
#[derive(Debug)]
pub(in crate::client) struct RetryBudget(AtomicU32);

/// What a retry has cost; given back when it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Cost(u32);

impl RetryBudget {
    const CAPACITY: u32 = 500;
    const RETRY: Cost = Cost(14);
    /// Throttling has its own remedy, the longer delay.
    const THROTTLING: Cost = Cost(5);
    /// What a call that succeeds at once gives.
    const SUCCESS: Cost = Cost(1);

    pub fn new() -> Self {
        Self(AtomicU32::new(Self::CAPACITY))
    }

    /// Takes what a retry costs after such a failure; `None` where too little is left.
    pub fn take(&self, failure: Retry) -> Option<Cost> {
        let cost = if failure == Retry::Throttling { Self::THROTTLING } else { Self::RETRY };
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(cost.0));
        taken.ok().map(|_| cost)
    }

    /// After a success: gives back what its last retry took.
    pub fn succeed(&self, last_retry: Option<Cost>) {
        // The usual case writes nothing that other threads would have to fetch.
        if self.tokens() == Self::CAPACITY {
            return;
        }
        let given = last_retry.unwrap_or(Self::SUCCESS).0;
        let more = |tokens: u32| Some((tokens + given).min(Self::CAPACITY));
        // A closure that always gives a value never fails.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// How many tokens are left.
    pub fn tokens(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_ends_and_comes_back() {
        let budget = RetryBudget::new();
        let mut last = None;
        for _ in 0..35 {
            last = budget.take(Retry::Transient);
            assert!(last.is_some());
        }
        assert_eq!((budget.tokens(), budget.take(Retry::Transient)), (10, None));
        assert!(budget.take(Retry::Throttling).is_some() && budget.take(Retry::Throttling).is_some());
        assert_eq!(budget.take(Retry::Throttling), None);
        budget.succeed(last);
        assert_eq!(budget.tokens(), 14);
        (0..1000).for_each(|_| budget.succeed(None));
        assert_eq!(budget.tokens(), RetryBudget::CAPACITY);
    }

    #[test]
    fn no_token_is_lost_between_threads() {
        let budget = RetryBudget::new();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        if let Some(cost) = budget.take(Retry::Transient) {
                            budget.succeed(Some(cost));
                        }
                    }
                });
            }
        });
        assert_eq!(budget.tokens(), RetryBudget::CAPACITY);
    }
}
