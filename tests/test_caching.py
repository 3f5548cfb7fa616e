from __future__ import annotations

from threading import Barrier, Event, Thread, get_ident

from post.caching import per_thread, shared


def in_threads(count: int, work: object) -> None:
    assert callable(work)
    threads = [Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_shared_result_is_computed_once_for_all_threads() -> None:
    made, got, start, company = list[int](), list[list[int]](), Barrier(4), Event()

    @shared(2)
    def work(n: int) -> list[int]:
        made.append(n)
        if len(made) > 1:
            company.set()
        company.wait(0.2)  # long enough for another thread to come in, where one can
        return [n]

    def ask() -> None:
        start.wait()
        got.append(work(7))

    in_threads(4, ask)
    assert made == [7]
    assert all(each is got[0] for each in got)


def test_a_per_thread_result_is_computed_once_in_each_thread() -> None:
    made, start = list[int](), Barrier(3)

    @per_thread(2)
    def work(n: int) -> int:
        made.append(get_ident())
        return n

    def ask() -> None:
        start.wait()
        assert [work(7), work(7)] == [7, 7]
        start.wait()  # so that no thread id is used again

    in_threads(3, ask)
    assert len(made) == len(set(made)) == 3


def test_only_the_last_results_are_kept() -> None:
    made = list[int]()

    @per_thread(2)
    def work(n: int) -> int:
        made.append(n)
        return n

    for n in (1, 2, 3, 3, 1):
        work(n)
    assert made == [1, 2, 3, 1]
