import pytest

from iipnlp.benchmark import write_mentions

MENTIONS = list(write_mentions().items())


@pytest.mark.parametrize(("reader", "mentions"), MENTIONS)
def test_the_mentions_of_the_benchmark_are_many_and_all_different(reader, mentions):
    assert len(set(mentions)) == len(mentions) >= 500


@pytest.mark.parametrize(("reader", "mentions"), MENTIONS)
def test_the_mentions_of_the_benchmark_are_read(reader, mentions):
    unread = [mention for mention in mentions if reader(mention) is None]
    assert len(unread) <= 0.05 * len(mentions), unread[:20]
