Attribute VB_Name = "CanevasRibbon"
Option Explicit

'The ribbon's only callbacks; the module is not private, for Excel looks for them as it looks for macros. The id of
'a button is the name of its action; its tag says the rest: "label fr|en|tip fr|en|needs|asks". A new button asks for
'no VBA.

Private Const LABEL As Long = 0
Private Const TIP As Long = 2
Private Const NEEDS As Long = 4
Private Const ASKS As Long = 5

Public Sub CanevasAction(control As IRibbonControl)
    RunAction control.ID, InLanguage(control.Tag, LABEL), Part(control.Tag, NEEDS), Part(control.Tag, ASKS)
End Sub

Public Sub CanevasLabel(control As IRibbonControl, ByRef returnedVal)
    returnedVal = InLanguage(control.Tag, LABEL)
End Sub

Public Sub CanevasTip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = InLanguage(control.Tag, TIP)
End Sub

Private Function InLanguage(ByVal Texts As String, ByVal First As Long) As String
    If Language() = "fr" Then InLanguage = Part(Texts, First) Else InLanguage = Part(Texts, First + 1)
End Function

Private Function Part(ByVal Texts As String, ByVal Position As Long) As String
    Dim Parts() As String
    Parts = Split(Texts, "|")
    If Position <= UBound(Parts) Then Part = Parts(Position)
End Function
