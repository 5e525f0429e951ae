namespace IlgpuXai.Data;

/// <summary>The checksum at the end of a zlib stream (RFC 1950): two sums modulo 65521.</summary>
sealed class Adler32
{
    const uint Modulus = 65521;
    const int WithoutOverflow = 5552;                                // as many bytes as 32 bits can sum before a remainder is due
    uint _a = 1, _b;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> some = bytes[..Math.Min(bytes.Length, WithoutOverflow)];
            foreach (byte x in some)
            {
                _a += x;
                _b += _a;
            }
            (_a, _b) = (_a % Modulus, _b % Modulus);
            bytes = bytes[some.Length..];
        }
    }

    /// <summary>As it stands in the file.</summary>
    public byte[] BigEndian => [(byte)(_b >> 8), (byte)_b, (byte)(_a >> 8), (byte)_a];
}
