using System.Globalization;
using System.Text;

namespace IlgpuXai.Jit;

/// <summary>A function's structured body as C.</summary>
sealed class FunctionPrinter
{
    /// <summary>A loop of constant trips up to this many is unrolled: its local arrays then live in registers.</summary>
    const int MaxUnrolledTrips = 64;

    readonly StringBuilder _text = new();
    readonly Function _f;
    readonly Dialect _dialect;
    readonly CTypes _types;
    readonly TranslationOptions _options;
    readonly SharedLayout _shared;
    readonly ExpressionPrinter _print;
    int _depth;

    FunctionPrinter(Function f, Dialect dialect, CTypes types, TranslationOptions options, SharedLayout shared)
    {
        (_f, _dialect, _types, _options, _shared) = (f, dialect, types, options, shared);
        _print = new(dialect, types, f, shared.CarvedBytes);
    }

    public static string Print(Function f, Dialect dialect, CTypes types, TranslationOptions options, SharedLayout shared)
    {
        var printer = new FunctionPrinter(f, dialect, types, options, shared);
        printer.Function();
        return printer._text.ToString();
    }

    void Function()
    {
        string parameters = string.Join(", ", _f.IsKernel ? KernelParameters() : _f.Parameters.SelectMany(HelperParameters));
        Line(_f.IsKernel ? _dialect.KernelHead(_f.Name, parameters, _options.MaxGroupSize) : $"{(_f.Parameters.Any(p => p.Space.Value == Space.Shared) ? _dialect.SharedHelperHead : _dialect.HelperHead)}{TypeOf(_f.Returns, _f.ReturnSpace.Value, false)} {_f.Name}({parameters})");
        Line("{");
        _depth++;
        if (_f.IsKernel) Entry();
        foreach (var array in _f.Arrays) Array(array);
        if (_f.Built is { } built) Line($"{_types.Name(built.Type)} {built.Name}{(built.Type.IsPrimitive ? " = 0" : $" = {_dialect.Value(_types.Name(built.Type), "")}")};");
        Statements(_f.Body);
        _depth--;
        Line("}");
    }

    IEnumerable<string> KernelParameters()
    {
        if (_f.IsAutoGrouped) yield return "int extent";
        foreach (var p in Passed())
        {
            if (!Views.Is(p.Type))
            {
                yield return $"{_types.Name(p.Type)} {p.Name}";
                continue;
            }
            yield return $"{_print.PointerTo(Views.Element(p.Type), Space.Global, !p.IsStoredThrough, _options.Restrict)} {p.Name}";
            if (_dialect.HasAddressSpaces) yield return $"{_types.Name(typeof(long))} {Naming.OffsetName(p)}";
            if (p.IsLengthUsed) yield return $"{_types.Name(typeof(long))} {Naming.LengthName(p)}";
        }
        if (_f.UsesDynamicShared && _dialect.HasAddressSpaces) yield return $"{_dialect.SharedQualifier}{_types.Name(typeof(byte))}* dynamic_shared";
        if (_f.MeasuresDynamicShared) yield return "int dynamic_shared_bytes";
    }

    IEnumerable<Local> Passed() => _f.Parameters.Where((_, k) => !_options.Constants.ContainsKey(k) && !(_f.IsAutoGrouped && k == 0));

    IEnumerable<string> HelperParameters(Local p)
    {
        yield return $"{TypeOf(p)} {p.Name}";
        if (p.IsLengthUsed) yield return $"{_types.Name(typeof(long))} {Naming.LengthName(p)}";
    }

    void Entry()
    {
        if (_f.UsesDynamicShared && !_dialect.HasAddressSpaces || _shared.CarvedBytes > 0)
            Line($"extern {_dialect.SharedQualifier}{_dialect.Aligned(16)}{_types.Name(typeof(byte))} dynamic_shared[];");
        if (_dialect.HasAddressSpaces)
            foreach (var p in Passed().Where(p => Views.Is(p.Type))) Line($"{p.Name} += {Naming.OffsetName(p)};");
        if (!_f.IsAutoGrouped) return;
        var index = _f.Parameters[0];
        Line($"int {index.Name} = {_print.Print(new Binary("+", new Binary("*", Number("Grid.IdxX"), Number("Group.DimX"), typeof(int)), Number("Group.IdxX"), typeof(int)))};");
        Line($"if ({index.Name} >= extent) return;");

        static Intrinsic Number(string name) => new(name, [], typeof(int));
    }

    void Array(Local array)
    {
        string type = _types.Name(array.Type, inMemory: true), aligned = array.Alignment > 0 ? _dialect.Aligned(array.Alignment) : "";
        if (_shared.PlaceOf(array) is { } place) Line($"{type}* {array.Name} = ({type}*)(dynamic_shared + {place});");
        else Line($"{(array.Space.Value == Space.Shared ? _dialect.SharedQualifier : "")}{aligned}{type} {array.Name}[{array.ArrayLength}];");
    }

    // What is referred to has the form it has in memory.
    string TypeOf(Local v) => v.IsAddressTaken && v.Type == typeof(bool) ? _types.Name(v.Type, inMemory: true) : TypeOf(v.Type, v.Space.Value, !v.IsStoredThrough);

    string TypeOf(Type t, Space space, bool isConst) =>
        t.IsByRef ? _print.PointerTo(t.GetElementType()!, space, false)
        : Views.Is(t) ? _print.PointerTo(Views.Element(t), space, isConst)
        : _types.Name(t);

    void Line(string text) => _text.Append(' ', 4 * _depth).Append(text).Append('\n');

    void Statements(List<Stmt> list)
    {
        foreach (var s in list) Statement(s);
    }

    void Nested(List<Stmt> list)
    {
        Line("{");
        _depth++;
        Statements(list);
        _depth--;
        Line("}");
    }

    /// <summary>The body of an if or a loop: on lines of its own, without braces where it is one plain statement.</summary>
    void Body(List<Stmt> list)
    {
        if (list is not [Assign or Do or Return or Break or Continue or Goto])
        {
            Nested(list);
            return;
        }
        _depth++;
        Statements(list);
        _depth--;
    }

    void Statement(Stmt s)
    {
        switch (s)
        {
            case Declare d: Declaration(d); break;
            case Assign a: Line(Text(a) + ";"); break;
            case Do d: if (_print.Print(d.Expr) is { Length: > 0 } text) Line(text + ";"); break;
            case Return r: Line(r.Value is null ? "return;" : $"return {_print.Print(r.Value)};"); break;
            case Break: Line("break;"); break;
            case Continue: Line("continue;"); break;
            case Goto g: Line($"goto {NameOf(g.To, g.NextTurn)};"); break;
            case Label l: Line($"{NameOf(l.At, l.NextTurn)}:;"); break;
            case If i: Conditional(i); break;
            case Loop l: Looping(l); break;
            case Choose c: Switching(c); break;
        }
    }

    static string NameOf(Block b, bool nextTurn) => nextTurn ? $"{b}_next" : $"{b}";

    void Declaration(Declare d)
    {
        Line(d.Value is null ? $"{TypeOf(d.Local)} {d.Local.Name};" : $"{TypeOf(d.Local)} {d.Local.Name} = {_print.Print(d.Value)};");
        if (d.Local.IsLengthUsed) Line($"{_types.Name(typeof(long))} {Naming.LengthName(d.Local)}{(d.Value is null ? "" : $" = {_print.Length(d.Value, 0)}")};");
    }

    string Text(Assign a)
    {
        string place = _print.Place(a.Place);
        if (a.Value is Binary { Op: not ("&&" or "||") } b && b.A == a.Place && b.Type == Arithmetic.Promote(a.Place.Type))
            return b is { Op: "+" or "-", B: Constant { Value: 1 } } ? $"{_print.Place(a.Place, ExpressionPrinter.Postfix)}{b.Op}{b.Op}" : $"{place} {b.Op}= {_print.Print(b.B)}";
        string text = $"{place} = {_print.Print(a.Value)}";
        return a.Place is Read { Local: { IsLengthUsed: true } view } ? $"{text}; {Naming.LengthName(view)} = {_print.Length(a.Value, 0)}" : text;
    }

    void Conditional(If i)
    {
        var (condition, then, otherwise) = (i.Condition, i.Then, i.Else);
        if (then.Count == 0 && otherwise.Count == 0)
        {
            Line($"{_print.Print(condition)};");
            return;
        }
        Line($"if ({_print.Print(condition)})");
        // An else must not attach itself to an inner if.
        if (otherwise.Count > 0) Nested(then); else Body(then);
        if (otherwise.Count == 0) return;
        if (otherwise is [If next] && (next.Then.Count > 0 || next.Else.Count > 0))
        {
            _text.Append(' ', 4 * _depth).Append("else ");
            int at = _text.Length;
            Conditional(next);
            _text.Remove(at, 4 * _depth);
            return;
        }
        Line("else");
        Body(otherwise);
    }

    void Looping(Loop l)
    {
        if (l.DoWhile is { } last)
        {
            Line("do");
            Nested(l.Body);
            Line($"while ({_print.Print(last)});");
            return;
        }
        if (IsUnrolled(l)) Line("#pragma unroll");
        string condition = l.While is null ? "" : _print.Print(l.While);
        if (l.Init is null && l.Step is null) Line($"while ({(condition.Length == 0 ? "true" : condition)})");
        else
        {
            string init = l.Init is null ? "" : l.DeclaresInit ? $"{TypeOf(((Read)l.Init.Place).Local)} {Text(l.Init)}" : Text(l.Init);
            Line($"for ({init}; {condition}; {(l.Step is null ? "" : Text(l.Step))})");
        }
        if (l.Body.Count == 0) Line("    ;"); else Body(l.Body);
    }

    static bool IsUnrolled(Loop l) =>
        l is { Init: { Place: Read i, Value: Constant { Value: int from } }, While: Comparison { Op: "<", A: Read j, B: Constant { Value: int to } }, Step: { Place: Read k, Value: Binary { Op: "+", A: Read, B: Constant { Value: int by } } } }
        && i.Local == j.Local && j.Local == k.Local && by > 0 && (to - from + by - 1) / by is > 0 and <= MaxUnrolledTrips && !LeavesEarly(l.Body);

    static bool LeavesEarly(List<Stmt> list) => list.Any(s => s switch
    {
        Break or Return or Goto or Label => true,
        Loop l => !IsUnrolled(l),
        Choose c => c.Arms.Any(a => LeavesEarly([.. a.Body.Where(x => x is not Break)])),
        _ => Jit.Statements.Bodies(s).Any(LeavesEarly),
    });

    void Switching(Choose c)
    {
        Line($"switch ({_print.Print(c.Value)})");
        Line("{");
        _depth++;
        foreach (var (cases, body) in c.Arms)
        {
            foreach (int? k in cases) Line(k is null ? "default:" : $"case {k.Value.ToString(CultureInfo.InvariantCulture)}:");
            Nested(body);
        }
        _depth--;
        Line("}");
    }
}
