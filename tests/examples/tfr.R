#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dumps of points or partials (x.tfr) into data frames, with nothing but R itself.
#
#     source("tfr.R")
#     points <- read_tfr("x.tfr")
#     with(points, plot(time, frequency, pch = ".", log = "y"))
#
# As a command, `Rscript tfr.R x.tfr`, you will see the first lines of the table
# and its size; with --csv the same numbers that tfrcsvenc writes.

tfr_fields <- list(
  "52" = c("time", "frequency", "magnitude", "phase", "mixed", "chirp_rate",
           "agreement", "bin"),
  "50" = c("time", "frequency", "amplitude", "phase", "bandwidth", "id",
           "flags"))
tfr_whole_numbers <- c("bin", "id", "flags")

tfr_numbers <- function(bytes, at, n, what, size)
  readBin(bytes[at + seq_len(n * size)], what, n, size, endian = "little")

# Positions need 64 bits, which R's integers lack: exact up to 2^53.
tfr_position <- function(bytes, at) {
  low <- tfr_numbers(bytes, at, 1, "integer", 4)
  high <- tfr_numbers(bytes, at + 4, 1, "integer", 4)
  (if (low < 0) low + 2^32 else low) + high * 2^32
}

tfr_aligned <- function(offset) 64 * ceiling(offset / 64)

# The batch that begins after `start` bytes, as a data frame.
tfr_batch <- function(bytes, start) {
  u32 <- function(at) tfr_numbers(bytes, start + at, 1, "integer", 4)
  u16 <- function(at)
    readBin(bytes[start + at + 1:2], "integer", 1, 2, FALSE, "little")

  if (length(bytes) - start < 128 || start + u32(12) > length(bytes))
    stop("the last batch was cut off")
  names <- tfr_fields[[as.character(bytes[start + 4])]]
  if (bytes[start + 1] != 0x89 || is.null(names) || u16(8) != 1)
    stop("no batch of version 1 after ", start, " bytes")

  hop <- u32(28)
  channels <- u16(36)
  first <- tfr_position(bytes, start + 40)
  frames <- u32(48)
  n <- u32(52)
  at <- u16(10)
  counts <- tfr_numbers(bytes, start + at, frames * channels, "integer", 4)
  if (sum(counts) != n)
    stop("counts that do not add up after ", start, " bytes")
  at <- at + 4 * frames * channels

  origin <- rep(seq_along(counts) - 1, counts)
  batch <- list(channel = origin %% channels,
                frame_sample = first + hop * (origin %/% channels))
  for (bit in 0:31) {
    if (!bitwAnd(bitwShiftR(u32(56), bit), 1L))
      next
    size <- if (bit < 2) 8 else 4
    name <- if (bit < length(names)) names[bit + 1] else NA
    what <- if (name %in% tfr_whole_numbers) "integer" else "numeric"
    at <- tfr_aligned(at)
    if (!is.na(name))
      batch[[name]] <- tfr_numbers(bytes, start + at, n, what, size)
    at <- at + n * size
  }
  list(points = as.data.frame(batch), size = u32(12))
}

read_tfr <- function(path) {
  bytes <- readBin(path, "raw", file.size(path))
  parts <- list()
  start <- 0
  while (start < length(bytes)) {
    batch <- tfr_batch(bytes, start)
    parts[[length(parts) + 1]] <- batch$points
    start <- start + batch$size
  }
  do.call(rbind, parts)
}

if (sys.nframe() == 0) {
  arguments <- commandArgs(TRUE)
  if (length(arguments) == 0)
    stop("which dump?  Rscript tfr.R [--csv] x.tfr", call. = FALSE)
  points <- read_tfr(arguments[length(arguments)])
  if (arguments[1] == "--csv") {
    # 17 digits bring back every double, and so every float.
    write.csv(format(points, digits = 17, trim = TRUE), quote = FALSE,
              row.names = FALSE)
  } else {
    print(head(points))
    cat(nrow(points), "points\n")
  }
}
