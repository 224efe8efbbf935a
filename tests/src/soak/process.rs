//! What this process has of the system, where `/proc` tells it.

use std::fs;

/// Resident memory in KiB.
pub fn resident_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Open sockets.
pub fn sockets() -> Option<usize> {
    let files = fs::read_dir("/proc/self/fd").ok()?;
    let targets = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    Some(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
}
