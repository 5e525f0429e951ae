namespace IlgpuXai.Data;

/// <summary>A file or folder that cannot be used. <see cref="Exception.Message"/> is one line, <c>file: reason</c>, fit to be shown to the user as it stands.</summary>
public sealed class DataException : Exception
{
    public DataException(string file, string reason, Exception? inner = null) : base($"{file}: {OneLine(reason)}", inner) => File = file;

    public string File { get; }

    /// <summary>Runs <paramref name="read"/> on the opened file; what the system or the decompressor refuses becomes one line naming the file.</summary>
    public static T Reading<T>(string file, Func<Stream, T> read)
    {
        if (Directory.Exists(file)) throw new DataException(file, "is a folder, a file was expected");
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return read(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException(file, "no such file", e);
        }
        catch (EndOfStreamException e)
        {
            throw new DataException(file, "is truncated", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataException(file, $"is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(file, $"cannot be read: {e.Message}", e);
        }
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
