using System.Diagnostics;
using IlgpuXai.Data;
using IlgpuXai.Engine;

namespace IlgpuXai.Tests.Fuzz;

/// <summary>Gives a reader mutated files. It has to read or to refuse each of them: in time, within its memory, with the project's own exceptions, in one line that begins with the file's name.</summary>
sealed class Fuzzer(FuzzedReader reader, TimeSpan limit)
{
    // One thread reads, another looks at its clock: a reader that hangs cannot be stopped, but it is told.
    readonly Lock _lock = new();
    int _seed;
    long _began;
    string? _failure;

    /// <summary>Inputs that were read to the end rather than refused.</summary>
    public int Accepted { get; private set; }

    /// <summary>Null, or the first failure with all that is needed to repeat it.</summary>
    public string? Run(int firstSeed, int count)
    {
        (_seed, _began) = (firstSeed, Stopwatch.GetTimestamp());
        var thread = new Thread(() => ReadAll(firstSeed, count)) { IsBackground = true, Name = $"reader of {reader}" };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(100)))
            lock (_lock)
                if (Stopwatch.GetElapsedTime(_began) > limit)
                    return Report(_seed, $"not done after {limit.TotalSeconds:0.#} s");
        return _failure;
    }

    void ReadAll(int firstSeed, int count)
    {
        foreach (byte[] seed in reader.Seeds)                        // also compiles what the first measurement would count
            if (Complaint(seed, out _) is { } complaint) { _failure = $"{reader}: a seed file: {complaint}"; return; }
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            byte[] bytes = Mutation.Of(reader, seed).Bytes;
            lock (_lock) (_seed, _began) = (seed, Stopwatch.GetTimestamp());
            if (Complaint(bytes, out bool accepted) is { } complaint) { _failure = Report(seed, complaint); return; }
            if (accepted) Accepted++;
        }
    }

    string? Complaint(byte[] bytes, out bool accepted)
    {
        accepted = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            reader.Read(bytes, reader.File);
            accepted = true;
        }
        catch (Exception e) when (e is DataException or StateFileException)
        {
            if (!e.Message.StartsWith(reader.File, StringComparison.Ordinal) || e.Message.Length == reader.File.Length) return $"the message does not begin with the file's name: {e.Message}";
            if (e.Message.AsSpan().IndexOfAny('\n', '\r') >= 0) return $"the message has more than one line: {e.Message}";
        }
        catch (Exception e)
        {
            return $"{e}";
        }
        long taken = GC.GetAllocatedBytesForCurrentThread() - before, allowed = reader.Memory(bytes.Length);
        return taken > allowed ? $"took {taken} bytes of memory for an input of {bytes.Length}, {allowed} are allowed" : null;
    }

    string Report(int seed, string complaint) => $"{reader}, ILGPUXAI_FUZZ={seed}+1, {Mutation.Of(reader, seed).Words}: {complaint}";
}
