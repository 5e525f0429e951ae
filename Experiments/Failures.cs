using IlgpuXai.Kernels;

namespace IlgpuXai.Experiments;

/// <summary>Something the user can put right. The message is one line, fit to be shown as it stands.</summary>
public class UserException : Exception
{
    public UserException(string message, Exception? inner = null) : base(message.ReplaceLineEndings(" "), inner) { }
}

/// <summary>An argument that cannot be meant: out of its range, or in contradiction to another.</summary>
public class UsageException : UserException
{
    public UsageException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A word on the command line that names nothing; the message holds the nearest name or all of them.</summary>
public sealed class UnknownNameException(string kind, string name, IReadOnlyList<string> known)
    : UsageException(NearestName.Unknown(kind, name, known));
