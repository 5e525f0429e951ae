namespace IlgpuXai.Data;

/// <summary>CRC-32 of PNG, zip and gzip: reflected polynomial EDB88320, register begun and ended inverted (ISO 3309; PNG specification, annex D).</summary>
static class Crc32
{
    static readonly uint[] s_table = Table();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = s_table[(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    static uint[] Table()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
