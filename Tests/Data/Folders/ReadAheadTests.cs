using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ReadAheadTests
{
    static readonly int[] s_items = [.. Enumerable.Range(0, 200)];

    [TestCase(1, 1), TestCase(1, 7), TestCase(3, 2), TestCase(5, 16), TestCase(9, 1000)]
    public void The_order_is_kept(int threads, int ahead)
    {
        // Some items take longer than those after them.
        var results = ReadAhead.Of(s_items, i =>
        {
            Thread.SpinWait(i % 7 == 0 ? 20000 : 10);
            return i * i;
        }, threads, ahead);
        Assert.That(results, Is.EqualTo(s_items.Select(i => i * i)));
        Assert.That(results, Is.EqualTo(s_items.Select(i => i * i)), "a second time");
    }

    [Test]
    public void Nothing_is_read_further_ahead_than_allowed()
    {
        int begun = 0;
        using var results = ReadAhead.Of(s_items, i =>
        {
            Interlocked.Increment(ref begun);
            return i;
        }, 4, 6).GetEnumerator();
        Assert.That(begun, Is.Zero, "not before the first is asked for");
        for (int taken = 1; taken <= 5; taken++)
        {
            Assert.That(results.MoveNext());
            Assert.That(() => Volatile.Read(ref begun), Is.EqualTo(taken + 6).After(5000, 1));
            Thread.Sleep(5);
            Assert.That(Volatile.Read(ref begun), Is.EqualTo(taken + 6));
        }
    }

    [Test]
    public void A_failure_comes_in_its_turn()
    {
        var seen = new List<int>();
        var items = ReadAhead.Of(s_items, i => i is 20 or 21 ? throw new DataException($"{i}.png", "is damaged") : i, 4, 8);
        Assert.That(() =>
        {
            foreach (int i in items) seen.Add(i);
        }, Throws.TypeOf<DataException>().With.Message.EqualTo("20.png: is damaged"));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 20)));
    }

    [Test]
    public void No_thread_outlives_the_enumeration()
    {
        var threads = new System.Collections.Concurrent.ConcurrentDictionary<Thread, bool>();
        int Read(int i)
        {
            threads[Thread.CurrentThread] = true;
            return i == 150 ? throw new InvalidOperationException() : i;
        }
        foreach (int i in ReadAhead.Of(s_items, Read, 3, 9))
            if (i == 10) break;
        Assert.That(() => ReadAhead.Of(s_items, Read, 3, 9).Sum(), Throws.InvalidOperationException);
        Assert.That(ReadAhead.Of(s_items[..100], Read, 3, 9).Sum(), Is.EqualTo(4950));
        Assert.That(threads.Keys.Where(t => t.IsAlive), Is.Empty);
        Assert.That(threads.Keys, Has.No.Member(Thread.CurrentThread));
    }

    [Test, CancelAfter(20000)]
    public void Stopping_does_not_wait_for_an_item_nobody_reads()
    {
        using var stop = new CancellationTokenSource();
        using var blocked = new ManualResetEventSlim();
        var consumer = Task.Run(() =>
        {
            var seen = new List<int>();
            try
            {
                foreach (int i in ReadAhead.Of(s_items, i =>
                {
                    if (i == 3) { blocked.Set(); stop.Token.WaitHandle.WaitOne(); }
                    return i;
                }, 2, 4, stop.Token)) seen.Add(i);
            }
            catch (OperationCanceledException) { return seen; }
            throw new InvalidOperationException("was not stopped");
        });
        blocked.Wait();
        stop.Cancel();
        Assert.That(consumer.GetAwaiter().GetResult(), Has.Count.LessThanOrEqualTo(3));
        Assert.That(() => ReadAhead.Of(s_items, i => i, 2, 4, stop.Token).First(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Nothing_to_read_is_nothing()
    {
        Assert.That(ReadAhead.Of<int, int>([], i => i, 2, 2), Is.Empty);
        Assert.That(() => ReadAhead.Of(s_items, i => i, 0, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
