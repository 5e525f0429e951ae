namespace IlgpuXai.Data;

/// <summary>Files that are either whole or absent.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes <c>path.part</c> beside the target, flushes it to the disk and renames it over <paramref name="path"/>. When anything fails, the temporary file is removed and an
    /// earlier file at <paramref name="path"/> is left as it was. The temporary name is fixed, so what a killed process left behind is replaced by the next attempt.
    /// </summary>
    /// <exception cref="DataException">The folder is missing or cannot be written, or the disk is full. What <paramref name="write"/> throws for its own reasons passes unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string part = path + ".part";
        bool mine = false;
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                mine = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (mine) Remove(part);
            // The last is .NET's word for a file that grows beyond what the file system allows (EFBIG).
            if (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" }) throw new DataException(path, $"cannot be written: {e.Message}", e);
            throw;
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    // The first failure is the one worth reporting: a leftover that cannot be removed either does not hide it.
    static void Remove(string part)
    {
        try { File.Delete(part); }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
    }
}
