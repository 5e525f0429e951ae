using System.Globalization;
using System.Text;

namespace IlgpuXai.Data;

/// <summary>The header of a <c>.npy</c> file: a Python dictionary with exactly the keys descr, fortran_order and shape (NumPy enhancement proposal 1).</summary>
sealed record NpyHeader(NpyType Type, bool BigEndian, bool FortranOrder, int[] Shape)
{
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static NpyHeader Parse(string text)
    {
        var reader = new Literal(text);
        string? descr = null;
        bool? fortran = null;
        int[]? shape = null;
        reader.Expect('{');
        while (!reader.Accept('}'))
        {
            string key = reader.String();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when descr is null: descr = reader.String(); break;
                case "fortran_order" when fortran is null: fortran = reader.Boolean(); break;
                case "shape" when shape is null: shape = reader.Tuple(); break;
                default: throw new FormatException($"the key '{key}' does not belong there");
            }
            if (reader.Accept(',')) continue;
            reader.Expect('}');
            break;
        }
        reader.End();
        if (descr is null || fortran is null || shape is null) throw new FormatException("one of descr, fortran_order and shape is missing");
        NpyType? type = descr.Length == 3 && "<>|=".Contains(descr[0]) ? NpyType.Named(descr[1..]) : null;
        if (type is null) throw new FormatException($"elements of type '{descr}' are not numbers that this program reads");
        return new NpyHeader(type, descr[0] == '>', fortran.Value, shape);
    }

    /// <summary>The text NumPy itself would write, with its room for the first size to grow.</summary>
    public override string ToString()
    {
        string shape = Shape.Length == 1 ? $"({Shape[0]},)" : $"({string.Join(", ", Shape)})";
        int room = Shape.Length == 0 ? 0 : 21 - Shape[0].ToString(CultureInfo.InvariantCulture).Length;
        return $"{{'descr': '{Type.Descr}', 'fortran_order': False, 'shape': {shape}, }}" + new string(' ', room);
    }

    /// <summary>As much of Python's literals as a header needs.</summary>
    sealed class Literal(string text)
    {
        int _at;

        void Blanks()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        }

        public bool Accept(char c)
        {
            Blanks();
            if (_at == text.Length || text[_at] != c) return false;
            _at++;
            return true;
        }

        public void Expect(char c)
        {
            if (!Accept(c)) throw new FormatException($"'{c}' was expected at character {_at}");
        }

        public void End()
        {
            Blanks();
            if (_at < text.Length) throw new FormatException($"nothing was expected at character {_at}");
        }

        public string String()
        {
            char quote = Accept('\'') ? '\'' : Accept('"') ? '"' : throw new FormatException($"a string was expected at character {_at}");
            int end = text.IndexOf(quote, _at);
            if (end < 0) throw new FormatException("a string does not end");
            string value = text[_at..end];
            _at = end + 1;
            return value;
        }

        public bool Boolean()
        {
            Blanks();
            bool isTrue = text.AsSpan(_at).StartsWith("True");
            if (!isTrue && !text.AsSpan(_at).StartsWith("False")) throw new FormatException($"True or False was expected at character {_at}");
            _at += isTrue ? 4 : 5;
            return isTrue;
        }

        public int[] Tuple()
        {
            var sizes = new List<int>();
            Expect('(');
            while (!Accept(')'))
            {
                sizes.Add(Size());
                if (Accept(',')) continue;
                Expect(')');
                break;
            }
            return [.. sizes];
        }

        int Size()
        {
            Blanks();
            var digits = new StringBuilder();
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) digits.Append(text[_at++]);
            if (!int.TryParse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int size)) throw new FormatException($"a size below 2³¹ was expected at character {_at}");
            if (_at < text.Length && text[_at] == 'L') _at++;        // Python 2 wrote long integers so
            return size;
        }
    }
}
