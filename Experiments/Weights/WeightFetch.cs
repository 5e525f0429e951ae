using System.Security.Cryptography;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>How long a fetch insists.</summary>
/// <param name="Attempts">In a row without a mebibyte of progress.</param>
/// <param name="Wait">Before the second attempt; each further one waits twice as long.</param>
/// <param name="Patience">How long a server may say nothing.</param>
public sealed record FetchPatience(int Attempts, TimeSpan Wait, TimeSpan Patience)
{
    public static FetchPatience Default { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}

/// <summary>Brings the weights of an entry into the cache: over HTTPS, resumed where it was interrupted, under its name only once the checksum is right.</summary>
/// <remarks>
/// What has come so far is <c>NAME.part</c>; <c>NAME.part.tag</c> is what the server calls that version of the file. A <c>.lock</c> keeps a second process away and stays,
/// since removing it would let two in.
/// </remarks>
public sealed class WeightFetch(WeightCache cache, FetchPatience patience, IReporter reporter)
{
    const long Progress = 1 << 20, Largest = 16L << 30;

    /// <returns>The file in the cache.</returns>
    /// <exception cref="UserException">The entry comes with the program, the server refuses, or what it sends is not what the entry states; nothing wrong is left behind.</exception>
    /// <exception cref="DataException">The cache cannot be written; what has come so far stays.</exception>
    /// <exception cref="OperationCanceledException">Stopped; what has come so far stays for the next call.</exception>
    public string Fetch(WeightEntry entry, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Source is not { } source) throw new UserException($"{entry.Name}: comes with the program, {WeightFiles.Folder}/{entry.File}; there is nothing to fetch");
        string target = cache.PathOf(entry);
        if (File.Exists(target)) return target;
        using var mine = Lock(entry);
        if (File.Exists(target)) return target;                     // another process was faster
        var part = new PartialFile(target + ".part");
        bool resumed = part.Length > 0;
        string digest = Complete(entry, new(source), part, stop);
        if (!entry.Matches(digest) && resumed)
        {
            reporter.Note($"{entry.Name}: what was resumed has a wrong checksum; starting again");
            part.Remove();
            digest = Complete(entry, new(source), part, stop);
        }
        if (!entry.Matches(digest))
        {
            part.Remove();
            throw new UserException($"{entry.Name}: {source} has the SHA-256 {digest}, {entry.Sha256}{(entry.Sha256.Length < 64 ? "…" : "")} was expected; it was removed");
        }
        part.MoveTo(target);
        return target;
    }

    // The whole file in `part`, however many attempts that takes; its SHA-256.
    string Complete(WeightEntry entry, Uri source, PartialFile part, CancellationToken stop)
    {
        using var bar = new Megabytes(reporter, entry.Name);
        var wait = patience.Wait;
        for (int attempt = 1; ; attempt++)
        {
            long before = part.Length;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            try
            {
                new Download(entry.Name, source, part, patience.Patience, entry.Bytes ?? Largest).Run(hash, bar, stop).GetAwaiter().GetResult();
                return Convert.ToHexStringLower(hash.GetHashAndReset());
            }
            catch (TransientException e)
            {
                if (part.Length - before >= Progress) (attempt, wait) = (1, patience.Wait);
                if (attempt >= patience.Attempts) throw new UserException($"{entry.Name}: {e.Message}, {attempt} times in a row{(part.Length > 0 ? "; what has come so far is kept, the same command continues" : "")}", e);
                reporter.Note($"{entry.Name}: {e.Message}; trying again");
                if (stop.WaitHandle.WaitOne(wait)) throw new OperationCanceledException(stop);
                wait *= 2;
            }
        }
    }

    FileStream Lock(WeightEntry entry)
    {
        string path = cache.PathOf(entry) + ".lock";
        try
        {
            Directory.CreateDirectory(cache.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(cache.Folder, $"cannot be made: {e.Message}", e);
        }
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataException(path, $"cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new UserException($"{entry.Name}: another process is fetching these weights", e);
        }
    }
}

/// <summary>Something that may go better next time; the message names it.</summary>
sealed class TransientException(string message, Exception? inner = null) : Exception(message.ReplaceLineEndings(" "), inner);

/// <summary>A bar that begins when the length is known and never runs backwards.</summary>
sealed class Megabytes(IReporter reporter, string name) : IDisposable
{
    const double Unit = 1e6;

    IStage? _stage;
    int _total, _shown;

    public void Show(long done, long? total)
    {
        if (total is not { } bytes) return;
        if (_stage is null) _stage = reporter.Begin(name, "MB", _total = Math.Max(1, (int)Math.Ceiling(bytes / Unit)));
        int now = done == bytes ? _total : Math.Min(_total, (int)(done / Unit));
        if (now <= _shown) return;
        _stage.Advance(now - _shown);
        _shown = now;
    }

    public void Dispose() => _stage?.Dispose();
}
