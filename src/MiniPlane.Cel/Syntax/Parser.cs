using MiniPlane.Cel.Expressions;

namespace MiniPlane.Cel.Syntax;

/// <summary>Reads an expression by descent (the grammar of the CEL language definition); macros become their own nodes on the way.</summary>
internal sealed class Parser
{
    // cel-go's limits are 250 deep and 100 000 code points; both only bound what a client can make us do.
    private const int DeepestNesting = 200;
    private const int LongestText = 100_000;
    private const int MostTokens = 10_000;

    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(string text)
    {
        _tokens = new Lexer(text).Read();
        if (_tokens.Count > MostTokens)
        {
            throw new SyntaxException(0, $"expression has too many tokens: limit {MostTokens}");
        }
    }

    private Token Current => _tokens[_at];

    public static Expression Parse(string text)
    {
        if (text.Length > LongestText)
        {
            throw new SyntaxException(0, $"expression code point size exceeds limit: size: {text.Length}, limit {LongestText}");
        }

        var parser = new Parser(text);
        Expression expression = parser.Expression();
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected("<EOF>");
    }

    private Expression Expression()
    {
        if (++_depth > DeepestNesting)
        {
            throw new SyntaxException(Current.Position, $"expression recursion limit exceeded: {DeepestNesting}");
        }

        Expression condition = Or();
        if (Current.Is("?"))
        {
            int position = Next().Position;
            Expression yes = Or();
            Expect(":");
            Expression no = Expression();
            condition = new ConditionalExpression { Position = position, Condition = condition, Then = yes, Else = no };
        }

        _depth--;
        return condition;
    }

    private Expression Or() => Chain("||", And);

    private Expression And() => Chain("&&", Comparison);

    private Expression Chain(string symbol, Func<Expression> operand)
    {
        Expression left = operand();
        while (Current.Is(symbol))
        {
            int position = Next().Position;
            left = new LogicExpression { Position = position, IsAnd = symbol == "&&", Left = left, Right = operand() };
        }

        return left;
    }

    private Expression Comparison()
    {
        Expression left = Sum();
        while (Current.IsWord("in") || (Current.Kind == TokenKind.Symbol && Comparisons.Contains(Current.Text, StringComparer.Ordinal)))
        {
            left = Binary(left, Sum);
        }

        return left;
    }

    private Expression Sum()
    {
        Expression left = Product();
        while (Current.Is("+") || Current.Is("-"))
        {
            left = Binary(left, Product);
        }

        return left;
    }

    private Expression Product()
    {
        Expression left = Unary();
        while (Current.Is("*") || Current.Is("/") || Current.Is("%"))
        {
            left = Binary(left, Unary);
        }

        return left;
    }

    private BinaryExpression Binary(Expression left, Func<Expression> operand)
    {
        Token symbol = Next();
        return new BinaryExpression { Position = symbol.Position, Operator = symbol.Text, Left = left, Right = operand() };
    }

    private Expression Unary()
    {
        if (!Current.Is("!") && !Current.Is("-"))
        {
            return Member();
        }

        Token symbol = Next();
        if (symbol.Text == "-" && Current is { Kind: TokenKind.Int or TokenKind.Double })
        {
            return Member(Negative(symbol.Position));
        }

        if (++_depth > DeepestNesting)
        {
            throw new SyntaxException(symbol.Position, $"expression recursion limit exceeded: {DeepestNesting}");
        }

        var unary = new UnaryExpression { Position = symbol.Position, IsNot = symbol.Text == "!", Operand = Unary() };
        _depth--;
        return unary;
    }

    private LiteralExpression Negative(int position)
    {
        Token number = Next();
        return new LiteralExpression
        {
            Position = position,
            Value = number.Value switch
            {
                double real => (object)-real,
                ulong whole when whole <= 9_223_372_036_854_775_808UL => unchecked(-(long)whole),
                _ => throw new SyntaxException(position, "invalid int literal"),
            },
        };
    }

    private Expression Member() => Member(Primary());

    private Expression Member(Expression operand)
    {
        while (true)
        {
            if (Current.Is("."))
            {
                operand = Select(operand);
            }
            else if (Current.Is("["))
            {
                Token open = Next();
                bool isOptional = TryTake("?");
                Expression index = Expression();
                Expect("]");
                operand = new IndexExpression { Position = open.Position, Operand = operand, Index = index, IsOptional = isOptional };
            }
            else if (Current.Is("{") && TypeName(operand) is { } name)
            {
                operand = Fields(operand.Position, name);
            }
            else
            {
                return operand;
            }
        }
    }

    private Expression Select(Expression operand)
    {
        Token dot = Next();
        bool isOptional = TryTake("?");

        Token name = Current;
        if (name.Kind is not (TokenKind.Identifier or TokenKind.QuotedName))
        {
            throw Unexpected("IDENTIFIER");
        }

        Next();
        return Current.Is("(") && name.Kind == TokenKind.Identifier
            ? Calls.Member(operand, name, dot.Position, Arguments())
            : new SelectExpression { Position = dot.Position, Operand = operand, Field = name.Text, IsOptional = isOptional };
    }

    private Expression Primary()
    {
        Token token = Next();
        switch (token.Kind)
        {
            case TokenKind.Int:
                return new LiteralExpression
                {
                    Position = token.Position,
                    Value = token.Value is ulong and <= long.MaxValue ? (long)(ulong)token.Value : throw new SyntaxException(token.Position, "invalid int literal"),
                };
            case TokenKind.Uint or TokenKind.Double or TokenKind.String or TokenKind.Bytes:
                return new LiteralExpression { Position = token.Position, Value = token.Value };
            case TokenKind.Identifier:
                return Word(token);
            case TokenKind.Symbol when token.Text == ".":
                return Word(Next());
            case TokenKind.Symbol when token.Text == "(":
                Expression inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                return List(token.Position);
            case TokenKind.Symbol when token.Text == "{":
                return Map(token.Position);
            default:
                throw Unexpected(token, "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}");
        }
    }

    private Expression Word(Token token)
    {
        switch (token.Text)
        {
            case "true" or "false":
                return new LiteralExpression { Position = token.Position, Value = token.Text == "true" };
            case "null":
                return new LiteralExpression { Position = token.Position, Value = null };
            case "in":
                throw Unexpected(token, "IDENTIFIER");
            default:
                if (FieldNames.IsReserved(token.Text))
                {
                    throw new SyntaxException(token.Position, $"reserved identifier: {token.Text}");
                }

                return Current.Is("(")
                    ? Calls.Global(token, Arguments())
                    : new NameExpression { Position = token.Position, Name = token.Text };
        }
    }

    private List<Expression> Arguments()
    {
        Expect("(");
        List<Expression> arguments = [];
        while (!Current.Is(")"))
        {
            arguments.Add(Expression());
            if (!Current.Is(","))
            {
                break;
            }

            Next();
        }

        Expect(")");
        return arguments;
    }

    private ListExpression List(int position)
    {
        List<(Expression Item, bool IsOptional)> items = [];
        while (!Current.Is("]"))
        {
            bool isOptional = TryTake("?");
            items.Add((Expression(), isOptional));
            if (!TryTake(","))
            {
                break;
            }
        }

        Expect("]");
        return new ListExpression { Position = position, Items = items };
    }

    private MapExpression Map(int position)
    {
        List<(Expression Key, Expression Value, bool IsOptional)> entries = [];
        while (!Current.Is("}"))
        {
            bool isOptional = TryTake("?");
            Expression key = Expression();
            Expect(":");
            entries.Add((key, Expression(), isOptional));
            if (!TryTake(","))
            {
                break;
            }
        }

        Expect("}");
        return new MapExpression { Position = position, Entries = entries };
    }

    private MapExpression Fields(int position, string typeName)
    {
        Expect("{");
        List<(Expression Key, Expression Value, bool IsOptional)> entries = [];
        while (!Current.Is("}"))
        {
            bool isOptional = TryTake("?");
            Token name = Next();
            Expect(":");
            var key = new LiteralExpression { Position = name.Position, Value = FieldNames.Unescape(name.Text) };
            entries.Add((key, Expression(), isOptional));
            if (!TryTake(","))
            {
                break;
            }
        }

        Expect("}");
        return new MapExpression { Position = position, Entries = entries, TypeName = typeName };
    }

    // The name before a brace: Object.spec, JSONPatch.
    private static string? TypeName(Expression operand) => operand switch
    {
        NameExpression name => name.Name,
        SelectExpression { IsOptional: false, IsTest: false } select when TypeName(select.Operand) is { } outer => $"{outer}.{select.Field}",
        _ => null,
    };

    private Token Next() => _tokens[_at < _tokens.Count - 1 ? _at++ : _at];

    private bool TryTake(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        Next();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Current.Is(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }

        Next();
    }

    private SyntaxException Unexpected(string expected) => Unexpected(Current, expected);

    private static SyntaxException Unexpected(Token token, string expected) =>
        new(token.Position, $"Syntax error: mismatched input '{token.Text}' expecting {expected}");
}
