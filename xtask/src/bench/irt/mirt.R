# R's mirt on the same answers: one line of JSON, CPU seconds of the fit alone.
# Rscript mirt.R MODEL FILE.csv
suppressMessages(library(mirt))
arguments <- commandArgs(trailingOnly = TRUE)
kind <- if (arguments[1] == "2pl") "2PL" else "graded"
answers <- read.csv(arguments[2])
before <- proc.time()
found <- mirt(answers, 1, itemtype = kind, verbose = FALSE)
after <- proc.time() - before
list_of <- function(values) paste0("[", paste(sprintf("%.8g", values), collapse = ","), "]")
items <- coef(found, IRTpars = TRUE, simplify = TRUE)$items
b <- if (kind == "2PL") items[, "b", drop = FALSE] else items[, -1, drop = FALSE]
rows <- paste(apply(b, 1, list_of), collapse = ",")
cat(sprintf(
  '{"cpu_s": %.3f, "wall_s": %.3f, "log_likelihood": %.4f, "version": "%s", "a": %s, "b": [%s]}\n',
  after[["user.self"]] + after[["sys.self"]], after[["elapsed"]], extract.mirt(found, "logLik"),
  packageVersion("mirt"), list_of(items[, "a"]), rows
))
