"""What others make of the same answers: one line of JSON, CPU seconds of all threads for the fit alone.

rivals.py fit LIBRARY MODEL FILE.csv     LIBRARY: girth, mirt, mirt-squarem; MODEL: 2pl, grm
rivals.py cat LIBRARY PEOPLE             LIBRARY: catsim, mirt, mirt-python; 500 questions, stop at SE .30 or 40 items
"""

import json
import sys
import time
import warnings

import numpy as np

NODES = 61


def say(started, **found):
    cpu, wall = started
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu_s": cpu, "wall_s": wall, **found}))


def start():
    return time.process_time(), time.perf_counter()


def girth(model, answers):
    import girth

    options = {"quadrature_n": NODES}
    answers = answers.T + (1 if model == "grm" else 0)
    started = start()
    found = girth.twopl_mml(answers, options) if model == "2pl" else girth.grm_mml(answers, options)
    b = np.asarray(found["Difficulty"], dtype=float)
    say(started, log_likelihood=None, a=list(found["Discrimination"]), b=b.reshape(len(b), -1).tolist())


def mirt(model, answers, accelerate):
    import mirt

    started = start()
    found = mirt.fit_mirt(
        answers, model=model.upper(), n_quadpts=NODES, compute_standard_errors=False, accelerate=accelerate
    )
    parameters = found.model.parameters
    b = np.asarray(parameters["difficulty" if model == "2pl" else "thresholds"], dtype=float)
    a = np.asarray(parameters["discrimination"], dtype=float).reshape(-1)
    say(started, log_likelihood=float(found.log_likelihood), a=a.tolist(), b=b.reshape(len(b), -1).tolist())


def fit(library, model, path):
    answers = np.loadtxt(path, delimiter=",", skiprows=1, dtype=int)
    if library == "girth":
        girth(model, answers)
    else:
        mirt(model, answers, "squarem" if library == "mirt-squarem" else "none")


def bank(count=500):
    random = np.random.default_rng(1)
    return np.exp(random.normal(np.log(1.2), 0.3, count)), random.normal(size=count)


def cat(library, people):
    a, b = bank()
    levels = np.random.default_rng(2).normal(size=people)
    if library == "catsim":
        lengths, estimates, started = by_catsim(a, b, levels)
    else:
        lengths, estimates, started = by_mirt(a, b, levels, library == "mirt")
    rmse = float(np.sqrt(np.mean((np.asarray(estimates) - levels) ** 2)))
    say(started, people=people, length=float(np.mean(lengths)), rmse=rmse)


def by_catsim(a, b, levels):
    from catsim.estimation import NumericalSearchEstimator
    from catsim.initialization import FixedPointInitializer
    from catsim.selection import MaxInfoSelector
    from catsim.simulation import Simulator
    from catsim.stopping import MinErrorStopper

    items = np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)])
    simulator = Simulator(items, levels)
    started = start()
    simulator.simulate(
        FixedPointInitializer(0), MaxInfoSelector(), NumericalSearchEstimator(), MinErrorStopper(0.3, max_items=40)
    )
    lengths = [len(items) for items in simulator.administered_items]
    return lengths, simulator.latest_estimations, started


def by_mirt(a, b, levels, native):
    from mirt import CATEngine, TwoParameterLogistic

    model = TwoParameterLogistic(n_items=len(a))
    model.set_parameters(discrimination=a, difficulty=b)
    model._is_fitted = True  # its parameters are known, which it has no public word for
    engine = CATEngine(model, se_threshold=0.3, max_items=40, n_quadpts=NODES, seed=3)
    started = start()
    found = engine.run_batch_simulation(levels, use_rust=native, vectorized=native)
    return [len(one.items_administered) for one in found], [one.theta for one in found], started


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    job, *rest = sys.argv[1:]
    if job == "fit":
        fit(*rest)
    else:
        cat(rest[0], int(rest[1]))
