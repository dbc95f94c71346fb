"""Traditional characters, and the simplified ones that forms and titles are known by.

Copies of reports are met whose script was converted. Listed are the characters of the forms'
labels, the headings and the titles of reports, each with the simplified one that it stands for
there, and 資訊, as which converters write 信息. What is stored stays as printed: this is for comparing.
"""

_TRADITIONAL = (
    "獲萬業個為爲舉鄉與億僅價會體債傳參雙發單佔衛廳縣啟啓團園圍國圖場塊執報處備複復態應廢開張強當錄懷總"
    "據擇擔撥護數無時條構標權歷歲漢決沒況準減滿獎現環產電監確種稱穩範級納紀約組細終結統經維編網線織續"
    "繼罰義習聯職號規視覽計訂記訟設許訴評詢試該認誤說請論證識議讀變責費資質購輸農辦達適還這進過運違選"
    "醫裡鎮鏈錢銀長門閉問間關隊際險難頁項順須預領題額風館驗點黨於並係佈製後區協務動勢從徵樣檢機稅類繳"
    "轉載週釋階訊糾專眾徑熱療絡輿談負財聞閱隱駁遊學寫實審對導層屬廣戶採補裝訪諮輯臺儲損換鐵陽軍貿勞創劃勵訓講諾賠償讓贈陳擾內戸錯濟"
)
_SIMPLIFIED = (
    "获万业个为为举乡与亿仅价会体债传参双发单占卫厅县启启团园围国图场块执报处备复复态应废开张强当录怀总"
    "据择担拨护数无时条构标权历岁汉决没况准减满奖现环产电监确种称稳范级纳纪约组细终结统经维编网线织续"
    "继罚义习联职号规视览计订记讼设许诉评询试该认误说请论证识议读变责费资质购输农办达适还这进过运违选"
    "医里镇链钱银长门闭问间关队际险难页项顺须预领题额风馆验点党于并系布制后区协务动势从征样检机税类缴"
    "转载周释阶讯纠专众径热疗络舆谈负财闻阅隐驳游学写实审对导层属广户采补装访咨辑台储损换铁阳军贸劳创划励训讲诺赔偿让赠陈扰内户错济"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """Return the text in simplified script, as long as it was.

    >>> simplified("收到和處理政府信息公開申請情況"), simplified("政府資訊公開")
    ('收到和处理政府信息公开申请情况', '政府信息公开')
    """
    return text if text.isascii() else text.translate(_TABLE).replace("资讯", "信息")
